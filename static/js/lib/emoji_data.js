const MOST_FOUND = 90;

/**
 * The emoji that there are: `static/emoji/en.json`, loaded when first asked for.
 *
 * @typedef {object} Emoji
 * @property {string} emoji
 * @property {string[]} names the first is what it is called here
 * @property {string[]} keywords
 * @property {number} group
 */
export class EmojiData {
  #url;
  #fetch;
  #loading = null;
  #emoji = null;

  /** @param {{url: string, fetch?: typeof fetch}} parts */
  constructor({ url, fetch = (...all) => globalThis.fetch(...all) }) {
    this.#url = url;
    this.#fetch = fetch;
  }

  /** @returns {Promise<Emoji[]>} in Unicode's order; rejects as `rows` does */
  async load() {
    const rows = await this.rows();
    this.#emoji ??= rows.map(([emoji, names, keywords, group]) => ({ emoji, names, keywords, group }));
    return this.#emoji;
  }

  /** @returns {Promise<Array>} as in the file; rejects when it cannot be had, and asks again the next time */
  rows() {
    this.#loading ??= this.#read().catch((error) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  /** @returns {Promise<Emoji[]>} those whose names or keywords begin so or hold it, the likeliest first */
  async search(query, most = MOST_FOUND) {
    const wanted = query.trim().toLowerCase().replace(/^:|:$/gu, "").replace(/[\s-]+/gu, "_");
    if (wanted === "") return [];
    const ranked = (await this.load()).map((each) => [rank(each, wanted), each]).filter(([found]) => found < Infinity);
    return ranked.sort(([a], [b]) => a - b).slice(0, most).map(([, each]) => each);
  }

  async #read() {
    const response = await this.#fetch(this.#url);
    if (!response.ok) throw new Error(`emoji: ${response.status}`);
    return response.json();
  }
}

function rank({ names, keywords }, wanted) {
  if (names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (keywords.includes(wanted)) return 2;
  if (names.some((name) => name.includes(wanted))) return 3;
  return keywords.some((word) => word.startsWith(wanted)) ? 4 : Infinity;
}

let ofPage = null;

/** That of the page, which names the file. @returns {EmojiData} */
export function pageEmoji() {
  ofPage ??= new EmojiData({ url: document.getElementById("emoji-picker").dataset.source });
  return ofPage;
}
