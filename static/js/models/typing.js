import { Emitter } from "../lib/emitter.js";

/**
 * Who is typing where. Signals may be lost, so each holds only for its `ttl`.
 *
 * Emits `change(room id)`.
 */
export class Typing extends Emitter {
  #clock;
  #timers = new Map();

  constructor({ clock }) {
    super();
    this.#clock = clock;
  }

  /** @returns {string[]} user ids, first to start first */
  inRoom(room) {
    return [...(this.#timers.get(room)?.keys() ?? [])];
  }

  /** @param {number} ttl seconds */
  started(room, user, ttl) {
    if (!this.#timers.has(room)) this.#timers.set(room, new Map());
    const timers = this.#timers.get(room);
    const fresh = !timers.has(user);
    this.#clock.clearTimeout(timers.get(user));
    timers.set(user, this.#clock.setTimeout(() => this.stopped(room, user), ttl * 1000));
    if (fresh) this.emit("change", room);
  }

  /** Their message came, or their signal ran out. */
  stopped(room, user) {
    const timers = this.#timers.get(room);
    if (!timers?.has(user)) return;
    this.#clock.clearTimeout(timers.get(user));
    timers.delete(user);
    this.emit("change", room);
  }
}
