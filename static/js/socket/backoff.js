const BASE_MS = 500;
const CEILING_MS = 30_000;
const STABLE_MS = 30_000;

/** How long to wait before the next try: full jitter under a doubling ceiling. */
export class Backoff {
  #clock;
  #random;
  #failures = 0;
  #connectedAt = null;

  /** @param {{clock: {now(): number}, random?: () => number}} parts */
  constructor({ clock, random = Math.random }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A connection became usable; if it lasts, its loss counts as the first failure again. */
  connected() {
    this.#connectedAt = this.#clock.now();
  }

  /** @returns {number} milliseconds to wait after the failure that just happened */
  next() {
    if (this.#connectedAt !== null && this.#clock.now() - this.#connectedAt >= STABLE_MS) this.#failures = 0;
    this.#connectedAt = null;
    const ceiling = Math.min(CEILING_MS, BASE_MS * 2 ** this.#failures);
    this.#failures += 1;
    return this.#random() * ceiling;
  }
}
