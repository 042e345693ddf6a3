const HIDDEN_MS = 250;

/** Draws once before the next frame, however often it is asked to. A hidden page has no frames: it draws a bit later. */
export class DrawSchedule {
  #draw;
  #frame = null;
  #timer = null;

  /** @param {() => void} draw */
  constructor(draw) {
    this.#draw = draw;
  }

  soon() {
    if (this.#frame !== null || this.#timer !== null) return;
    if (document.hidden) this.#timer = setTimeout(() => this.now(), HIDDEN_MS);
    else this.#frame = requestAnimationFrame(() => this.now());
  }

  now() {
    this.cancel();
    this.#draw();
  }

  cancel() {
    clearTimeout(this.#timer);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#timer = null;
    this.#frame = null;
  }
}
