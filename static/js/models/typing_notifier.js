const EVERY_MS = 3_000;

/** Says that this person is typing, at most once in a while. */
export class TypingNotifier {
  #clock;
  #send;
  #last = new Map();

  /** @param {{clock: object, send: (room: string) => void}} parts */
  constructor({ clock, send }) {
    this.#clock = clock;
    this.#send = send;
  }

  typed(room) {
    const now = this.#clock.now();
    if (now - (this.#last.get(room) ?? -Infinity) < EVERY_MS) return;
    this.#last.set(room, now);
    this.#send(room);
  }

  /** Their message was sent: the next key press is news again. */
  finished(room) {
    this.#last.delete(room);
  }
}
