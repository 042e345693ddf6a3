const PAGE_LENGTH = 50;

/**
 * A room's history over HTTP, or that of one thread, in pages.
 *
 * @typedef {object} Page
 * @property {object[]} messages newest last
 * @property {number} asOf the stream's number in the same snapshot
 * @property {boolean} hasOlder
 * @property {boolean} hasNewer
 */
export class History {
  #api;
  #path;
  #thread;

  /** @param {{api: Api, room: string, thread?: string | null}} parts */
  constructor({ api, room, thread = null }) {
    this.#api = api;
    this.#thread = thread ?? "none";
    this.#path = `rooms/${room}/messages/`;
  }

  /** @returns {Promise<Page>} rejects with ApiError */
  newest() {
    return this.#page({});
  }

  /** @param {object} message the first one that is held */
  before(message) {
    return this.#page({ before: message.seq });
  }

  after(message) {
    return this.#page({ after: message.seq });
  }

  /** @param {number} seq a message's number */
  around(seq) {
    return this.#page({ around: seq });
  }

  async #page(where) {
    const answer = await this.#api.get(this.#path, { ...where, thread: this.#thread, limit: PAGE_LENGTH });
    return {
      messages: answer.results,
      asOf: answer.as_of,
      hasOlder: answer.has_before,
      hasNewer: answer.has_after,
    };
  }
}
