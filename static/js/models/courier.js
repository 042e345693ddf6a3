import { clock as pageClock } from "../lib/clock.js";

const LOCK_PATIENCE_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/**
 * Carries messages from the outbox to the server: each room's in order, one at a time, while there is a connection.
 *
 * A Web Lock per room lets one tab send at a time. Where there are no locks, or their holder is suspended, two tabs
 * may send the same message; its id makes that harmless.
 */
export class Courier {
  #outbox;
  #post;
  #locks;
  #lockName;
  #clock;
  #ready = false;
  #runs = new Map();
  #pauses = new Map();
  #failures = new Map();

  /**
   * @param {object} parts
   * @param {Outbox} parts.outbox
   * @param {(entry: object) => Promise<{message: string, seq: number}>} parts.post rejects with a Refusal
   * @param {string} parts.lockName shared by this person's tabs
   * @param {LockManager | null} [parts.locks]
   */
  constructor({ outbox, post, lockName, locks = null, clock = pageClock }) {
    this.#outbox = outbox;
    this.#post = post;
    this.#locks = locks;
    this.#lockName = lockName;
    this.#clock = clock;
    outbox.on("work", (room) => this.#run(room));
  }

  /** The connection became usable, or ceased to be. */
  setReady(ready) {
    this.#ready = ready;
    if (ready) for (const room of this.#outbox.rooms()) this.#run(room);
  }

  /** One run per room; a call during a run makes it look once more. */
  async #run(room) {
    if (!this.#ready) return;
    const running = this.#runs.has(room);
    this.#runs.set(room, "again");
    if (running) return;
    try {
      while (this.#runs.get(room) === "again") {
        this.#runs.set(room, "once");
        await this.#alone(`${this.#lockName}:${room}`, () => this.#sendAll(room));
      }
    } finally {
      this.#runs.delete(room);
    }
  }

  async #alone(name, work) {
    if (this.#locks === null) return work();
    const patience = new AbortController();
    const timer = this.#clock.setTimeout(() => patience.abort(), LOCK_PATIENCE_MS);
    try {
      return await this.#locks.request(name, { signal: patience.signal }, () => {
        this.#clock.clearTimeout(timer);
        return work();
      });
    } catch (error) {
      if (!patience.signal.aborted) throw error;
      return work();
    }
  }

  async #sendAll(room) {
    while (this.#ready && !this.#pauses.has(room)) {
      const entry = await this.#outbox.nextIn(room);
      if (entry === undefined || !this.#ready) return;
      try {
        this.#outbox.arrived(entry.id, await this.#post(entry));
        this.#failures.delete(room);
      } catch (refusal) {
        if (refusal.passing === undefined) throw refusal;
        if (refusal.code === "disconnected") return;
        if (refusal.passing) this.#pause(room, refusal);
        else this.#outbox.refused(entry.id, refusal);
      }
    }
  }

  #pause(room, { retryAfter }) {
    const failures = this.#failures.get(room) ?? 0;
    this.#failures.set(room, failures + 1);
    const own = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    const resume = () => {
      this.#pauses.delete(room);
      this.#run(room);
    };
    this.#pauses.set(room, this.#clock.setTimeout(resume, retryAfter === null ? own : retryAfter * 1000));
  }
}
