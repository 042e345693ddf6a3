import { Emitter } from "../lib/emitter.js";

const BEFORE = 100;

/**
 * What may follow a word that has been begun, such as `:sm` or `@ad`.
 *
 * @typedef {{text: string, icon?: string, label: string, hint?: string}} Item `text` goes in place of the word
 * @typedef {object} Kind
 * @property {RegExp} pattern matches the word at the end of a text; its first group is what is looked for
 * @property {(query: string) => Item[] | Promise<Item[]>} source the best first; a failure counts as none
 * @property {(text: string, caret: number) => boolean} [allowed] whether it may be offered there
 */
export class Completion extends Emitter {
  #kinds;
  #ticket = null;
  #from = null;
  #dismissed = null;
  items = [];
  selected = 0;

  /** @param {Kind[]} kinds emits `change` */
  constructor(kinds) {
    super();
    this.#kinds = kinds;
  }

  get open() {
    return this.items.length > 0;
  }

  /** The text or the caret changed. @returns {Promise<void>} when what fits is there */
  async update(text, caret) {
    const begun = this.#begun(text, caret);
    const ticket = (this.#ticket = Symbol("update"));
    if (begun === null || begun.from === this.#dismissed) {
      if (begun === null) this.#dismissed = null;
      this.#show([], null);
      return;
    }
    const items = await Promise.resolve(begun.kind.source(begun.query)).catch(() => []);
    if (this.#ticket === ticket) this.#show(items, begun.from);
  }

  move(step) {
    this.selected = (this.selected + step + this.items.length) % this.items.length;
    this.emit("change");
  }

  select(index) {
    if (index < 0 || index === this.selected) return;
    this.selected = index;
    this.emit("change");
  }

  /** Takes what is selected. @param {number} caret @returns {import("./formatting.js").Edit} */
  accept(caret) {
    const { text } = this.items[this.selected];
    const end = this.#from + text.length;
    const edit = { from: this.#from, to: caret, text, select: [end, end] };
    this.close();
    return edit;
  }

  close() {
    this.#ticket = null;
    this.#show([], null);
  }

  /** Closes, and stays closed for this word. */
  dismiss() {
    this.#dismissed = this.#from;
    this.close();
  }

  #show(items, from) {
    if (items.length === 0 && !this.open) return;
    this.items = items;
    this.#from = from;
    this.selected = 0;
    this.emit("change");
  }

  #begun(text, caret) {
    const before = text.slice(Math.max(0, caret - BEFORE), caret);
    for (const kind of this.#kinds) {
      const match = kind.pattern.exec(before);
      if (match !== null && (kind.allowed?.(text, caret) ?? true)) {
        return { kind, query: match[1], from: caret - match[0].length };
      }
    }
    return null;
  }
}
