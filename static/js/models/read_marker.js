const SETTLE_MS = 400;

/**
 * Tells the server how far this person has read: only what was on the screen while they were looking at it.
 */
export class ReadMarker {
  #clock;
  #send;
  #attentive = false;
  #timer = null;
  #bottom = null;
  #told = new Map();

  /**
   * @param {object} parts
   * @param {(room: string, seq: number) => Promise<unknown>} parts.send rejects when it was not heard
   */
  constructor({ clock, send }) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Whether the page is visible and has the focus. */
  setAttentive(attentive) {
    this.#attentive = attentive;
    this.#settle();
  }

  /** The newest message is on the screen. */
  atBottom(room, seq) {
    this.#bottom = { room, seq };
    this.#settle();
  }

  /** It is not any more: scrolled up, or another room. */
  away() {
    this.#bottom = null;
  }

  /** The connection became usable: what was not heard is said again. */
  retry() {
    this.#settle();
  }

  /** The reader put the mark back: say nothing until something new is on the screen. */
  markedUnread(room, seq) {
    this.#told.set(room, seq);
    this.#bottom = null;
  }

  #settle() {
    if (!this.#attentive || this.#bottom === null || this.#timer !== null) return;
    if ((this.#told.get(this.#bottom.room) ?? 0) >= this.#bottom.seq) return;
    this.#timer = this.#clock.setTimeout(() => this.#tell(), SETTLE_MS);
  }

  async #tell() {
    this.#timer = null;
    if (!this.#attentive || this.#bottom === null) return;
    const { room, seq } = this.#bottom;
    const before = this.#told.get(room) ?? 0;
    if (before >= seq) return;
    this.#told.set(room, seq);
    try {
      await this.#send(room, seq);
    } catch {
      if (this.#told.get(room) === seq) this.#told.set(room, before);
    }
  }
}
