import { Emitter } from "../lib/emitter.js";
import { pages } from "../lib/pages.js";

const AGAIN_MS = 30_000;

/** The messages that one keeps at hand for oneself. */
export class Bookmarks extends Emitter {
  #api;
  #clock;
  #ids = null;
  #loading = null;

  /** @param {{api: import("../lib/api.js").Api, clock: object}} parts emits `change` */
  constructor({ api, clock }) {
    super();
    this.#api = api;
    this.#clock = clock;
  }

  /** False also while it is not known yet. */
  has(id) {
    return this.#ids?.has(id) ?? false;
  }

  /** Asks for them, once; after a failure again, but not at once. */
  load() {
    this.#loading ??= this.#fetch().catch(() => this.#clock.setTimeout(() => (this.#loading = null), AGAIN_MS));
    return this.#loading;
  }

  /** @param {object} frame an event of one's own stream */
  apply({ type, data }) {
    if (type !== "bookmark.changed" || this.#ids === null) return;
    if (data.on) this.#ids.add(data.message);
    else this.#ids.delete(data.message);
    this.emit("change", data.message);
  }

  async #fetch() {
    const ids = new Set();
    for await (const { message } of pages(this.#api, "bookmarks/")) ids.add(message.id);
    this.#ids = ids;
  }
}
