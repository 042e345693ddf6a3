import { clone, setText, slot } from "../lib/dom.js";

/** Keeps the children of the timeline's list equal to its rows, touching only what changed. */
export class RowList {
  #list;
  #start;
  #filler;
  #times;
  #shown = new Map();

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.list
   * @param {MessageFiller} parts.filler
   * @param {Times} parts.times
   */
  constructor({ list, filler, times }) {
    this.#list = list;
    this.#start = slot(list, "start");
    this.#filler = filler;
    this.#times = times;
  }

  /**
   * Takes what the server rendered as the present state, without drawing it again.
   *
   * @param {Row[]} rows
   * @param {boolean} retime whether the server's clocks and days are of another zone than the reader's
   */
  adopt(rows, retime) {
    for (const row of rows) {
      if (retime && row.kind === "day") continue;
      const element = this.#list.querySelector(selectorOf(row));
      if (element === null) continue;
      this.#shown.set(row.key, { element, message: row.message, joined: row.joined });
      if (row.kind === "message") this.#filler.adopt(element, row.message, retime);
      if (row.kind === "message" && retime) element.classList.toggle("message--joined", row.joined);
    }
  }

  elementOf(key) {
    return this.#shown.get(key)?.element;
  }

  /** @param {Row[]} rows @param {boolean} atStart whether history begins here */
  render(rows, atStart) {
    this.#start.hidden = !atStart;
    const wanted = new Set(rows.map(({ key }) => key));
    for (const [key, { element }] of this.#shown) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
    let next = this.#start.nextElementSibling;
    for (const row of rows) {
      const element = this.#draw(row);
      if (element === next) next = element.nextElementSibling;
      else this.#list.insertBefore(element, next);
    }
    while (next !== null) {
      const stray = next;
      next = next.nextElementSibling;
      stray.remove();
    }
  }

  #draw(row) {
    const shown = this.#shown.get(row.key);
    if (shown === undefined) {
      const element = this.#create(row);
      this.#shown.set(row.key, { element, message: row.message, joined: row.joined });
      return element;
    }
    if (shown.message !== row.message) this.#filler.update(shown.element, row.message);
    if (shown.joined !== row.joined) shown.element.classList.toggle("message--joined", row.joined);
    shown.message = row.message;
    shown.joined = row.joined;
    return shown.element;
  }

  #create({ kind, day, at, message, joined }) {
    if (kind === "new") return clone("new-divider-template");
    if (kind === "day") {
      const element = clone("day-template");
      element.dataset.day = day;
      setText(slot(element, "label"), this.#times.dayLabel(at));
      return element;
    }
    const element = this.#filler.create(message);
    element.classList.toggle("message--joined", joined);
    return element;
  }
}

function selectorOf({ kind, day, message }) {
  if (kind === "new") return "[data-new-divider]";
  return kind === "day" ? `[data-day="${day}"]` : `[data-message="${message.id}"]`;
}
