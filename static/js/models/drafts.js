import { Uploads } from "./uploads.js";

/** What was begun and not sent, per person and room: its words survive a reload, its files as long as the tab is open. */
export class Drafts {
  #storage;
  #prefix;
  #api;
  #uploads = new Map();

  /** @param {{storage: Storage, user: string, api?: import("../lib/api.js").Api}} parts */
  constructor({ storage, user, api = null }) {
    this.#storage = storage;
    this.#api = api;
    this.#prefix = `parley:draft:${user}:`;
  }

  /** @returns {{body: string, replyTo: string | null}} */
  get(room) {
    try {
      const { body, replyTo } = JSON.parse(this.#storage.getItem(this.#prefix + room)) ?? {};
      return { body: String(body ?? ""), replyTo: replyTo ?? null };
    } catch {
      return { body: "", replyTo: null };
    }
  }

  /** Its files: they go on while the page of the room is another, or is fetched again. @returns {Uploads} */
  uploads(room) {
    if (!this.#uploads.has(room)) this.#uploads.set(room, new Uploads({ api: this.#api }));
    return this.#uploads.get(room);
  }

  set(room, { body, replyTo = null }) {
    try {
      if (body === "" && replyTo === null) this.#storage.removeItem(this.#prefix + room);
      else this.#storage.setItem(this.#prefix + room, JSON.stringify({ body, replyTo }));
    } catch {
      // A full or forbidden storage loses the draft on reload; writing goes on.
    }
  }
}
