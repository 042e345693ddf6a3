/** What was begun and not sent, per person and room; survives a reload. */
export class Drafts {
  #storage;
  #prefix;

  /** @param {{storage: Storage, user: string}} parts */
  constructor({ storage, user }) {
    this.#storage = storage;
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

  set(room, { body, replyTo = null }) {
    try {
      if (body === "" && replyTo === null) this.#storage.removeItem(this.#prefix + room);
      else this.#storage.setItem(this.#prefix + room, JSON.stringify({ body, replyTo }));
    } catch {
      // A full or forbidden storage loses the draft on reload; writing goes on.
    }
  }
}
