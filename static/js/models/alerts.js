import { Emitter } from "../lib/emitter.js";

/** So long it may take until another device, or another tab, says that it was read there. */
const GRACE_MS = 1_000;
/** What is older is no news: it came while this device was away. Clocks of devices are not quite right. */
const FRESH_MS = 300_000;
const HELD_MS = 5_000;

/**
 * Which notifications are worth a noise on this device: fresh, not quiet, not looked at, not read elsewhere meanwhile, and
 * in one tab of several.
 *
 * Emits `alert(notification)` and `over(id)`, when it was read after all.
 */
export class Alerts extends Emitter {
  #clock;
  #locks;
  #looksAt;
  #waiting = new Map();
  #shown = new Set();

  /**
   * @param {object} parts
   * @param {import("./notifications.js").Notifications} parts.notifications
   * @param {{now(): number, setTimeout: Function, clearTimeout: Function}} parts.clock
   * @param {LockManager | null} parts.locks
   * @param {(notification: object) => boolean} parts.looksAt whether the reader sees what it is about
   */
  constructor({ notifications, clock, locks, looksAt }) {
    super();
    this.#clock = clock;
    this.#locks = locks;
    this.#looksAt = looksAt;
    notifications.on("created", (notification) => this.#created(notification));
    notifications.on("read", (ids) => this.#read(ids));
  }

  #created(notification) {
    const { id, quiet, created_at: at } = notification;
    if (quiet || this.#clock.now() - Date.parse(at) > FRESH_MS) return;
    this.#waiting.set(id, this.#clock.setTimeout(() => this.#due(notification), GRACE_MS));
  }

  async #due(notification) {
    this.#waiting.delete(notification.id);
    if (this.#looksAt(notification)) return;
    this.#shown.add(notification.id);
    await this.#alone(notification.id, () => this.emit("alert", notification));
  }

  /** In the tab that comes first, which keeps the others out for a while. */
  async #alone(id, act) {
    if (this.#locks === null) return void act();
    await this.#locks.request(`parley-alert:${id}`, { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      act();
      await new Promise((resolve) => this.#clock.setTimeout(resolve, HELD_MS));
    });
  }

  #read(ids) {
    for (const id of ids ?? [...this.#waiting.keys(), ...this.#shown]) {
      this.#clock.clearTimeout(this.#waiting.get(id));
      this.#waiting.delete(id);
      if (this.#shown.delete(id)) this.emit("over", id);
    }
  }
}
