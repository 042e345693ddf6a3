import { Emitter } from "../lib/emitter.js";

/** Who is here. Emits `change(user id)` for one person, `change()` for all. */
export class Presence extends Emitter {
  #online = new Set();

  has(user) {
    return this.#online.has(user);
  }

  /** @param {string[]} users the ids in `ready.online` */
  replace(users) {
    this.#online = new Set(users);
    this.emit("change");
  }

  /** @param {"online" | "offline"} state */
  set(user, state) {
    if (state === "online") this.#online.add(user);
    else this.#online.delete(user);
    this.emit("change", user);
  }
}
