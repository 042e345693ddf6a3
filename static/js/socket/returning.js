const PAUSES_MS = [60_000, 120_000, 300_000];
const HELLO_MS = 10_000;

/** Tries the socket in the background, more and more seldom, while another way serves. */
export class Returning {
  #clock;
  #open;
  #found;
  #timer = null;
  #patience = null;
  #tries = 0;
  #socket = null;

  /**
   * @param {object} parts
   * @param {object} parts.clock
   * @param {() => WebSocket} parts.open
   * @param {(hello: object) => void} parts.found the server speaks by a socket, which `take` gives
   */
  constructor({ clock, open, found }) {
    this.#clock = clock;
    this.#open = open;
    this.#found = found;
  }

  start() {
    if (this.#timer === null) this.#plan();
  }

  /** Something has changed, perhaps for the better. */
  now() {
    if (this.#timer !== null && this.#socket === null) this.#try();
  }

  /** @returns {WebSocket | null} that of the last `found`, unless it has ended meanwhile. It is the caller's. */
  take() {
    const socket = this.#socket;
    this.#socket = null;
    return socket;
  }

  /** What serves is lost, or no longer needed. */
  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#giveUp();
  }

  #plan() {
    this.#clock.clearTimeout(this.#timer);
    const pause = PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)];
    this.#timer = this.#clock.setTimeout(() => this.#try(), pause);
  }

  #try() {
    this.#giveUp();
    this.#tries += 1;
    this.#plan();
    const socket = this.#open();
    this.#socket = socket;
    this.#patience = this.#clock.setTimeout(() => this.#giveUp(), HELLO_MS);
    socket.addEventListener("message", ({ data }) => this.#socket === socket && this.#heard(data));
    socket.addEventListener("close", () => {
      if (this.#socket === socket) this.#socket = null;
    });
  }

  #heard(text) {
    const frame = JSON.parse(text);
    if (frame.op !== "hello") return;
    this.#clock.clearTimeout(this.#patience);
    this.#tries = 0;
    this.#found(frame);
  }

  #giveUp() {
    this.#clock.clearTimeout(this.#patience);
    this.take()?.close();
  }
}
