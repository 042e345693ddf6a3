const IDLE_MS = 15_000;
const ANSWER_MS = 8_000;
const LATE_MS = 5_000;

/**
 * Notices a half-open connection. The page cannot see protocol pings, so after silence it asks with a `ping`
 * of its own; when nothing at all is heard in time, the connection is dead, whatever the transport believes.
 */
export class Liveness {
  #clock;
  #ping;
  #dead;
  #timer = null;
  #due = 0;
  #asked = false;
  #forgiven = false;

  /** @param {{clock: object, ping: () => void, dead: () => void}} parts */
  constructor({ clock, ping, dead }) {
    this.#clock = clock;
    this.#ping = ping;
    this.#dead = dead;
  }

  start() {
    this.heard();
  }

  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Something arrived: the other side lives. */
  heard() {
    this.#asked = false;
    this.#forgiven = false;
    this.#wait(IDLE_MS);
  }

  /** Ask now: after sleep, on becoming visible, when the network changed. */
  check() {
    if (this.#timer !== null && !this.#asked) this.#ask();
  }

  #ask() {
    this.#asked = true;
    this.#ping();
    this.#wait(ANSWER_MS);
  }

  #wait(ms) {
    this.#clock.clearTimeout(this.#timer);
    this.#due = this.#clock.now() + ms;
    this.#timer = this.#clock.setTimeout(() => this.#elapsed(), ms);
  }

  #elapsed() {
    if (!this.#asked) return this.#ask();
    // A timer that fires late means the machine slept, and the answer may lie unread in the queue: ask once more.
    const slept = this.#clock.now() - this.#due > LATE_MS;
    if (slept && !this.#forgiven) {
      this.#forgiven = true;
      return this.#ask();
    }
    this.stop();
    return this.#dead();
  }
}
