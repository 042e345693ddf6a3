const BOTTOM_PX = 48;

/**
 * Keeps what is being read where it is while the list around it changes: by hand, since not every browser anchors.
 * At the bottom it stays at the bottom.
 */
export class Scroller {
  #element;
  #rows;
  #isEnd;
  #pinned = true;

  /**
   * @param {HTMLElement} element what scrolls
   * @param {() => Iterable<HTMLElement>} rows the things that can be read, top to bottom
   * @param {() => boolean} isEnd whether the bottom of the list is the end of it: only there one can be pinned
   */
  constructor(element, rows, isEnd) {
    this.#element = element;
    this.#rows = rows;
    this.#isEnd = isEnd;
    element.style.overflowAnchor = "none";
  }

  /** Whether the reader is at the bottom and wants to stay there. */
  get pinned() {
    return this.#pinned;
  }

  get above() {
    return this.#element.scrollTop;
  }

  get below() {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** The reader scrolled. */
  moved() {
    this.#pinned = this.below <= BOTTOM_PX && this.#isEnd();
  }

  toBottom() {
    this.#pinned = true;
    this.#element.scrollTop = this.#element.scrollHeight;
  }

  /** Put a row at a distance from the top. @param {number} offset pixels */
  place(row, offset) {
    this.#pinned = false;
    this.#element.scrollTop += this.#offsetOf(row) - offset;
    this.moved();
  }

  center(row) {
    this.place(row, Math.max(0, (this.#element.clientHeight - row.offsetHeight) / 2));
  }

  /** Change a row; its top stays where it was, but not above `least` pixels from the top. */
  hold(row, change, least) {
    const offset = Math.max(this.#offsetOf(row), least);
    change();
    this.place(row, offset);
  }

  /** Change something in the list; what was visible stays where it was. */
  keep(change) {
    const anchor = this.#pinned ? null : this.anchor();
    change();
    if (this.#pinned) this.toBottom();
    else if (anchor?.row.isConnected) this.#element.scrollTop += this.#offsetOf(anchor.row) - anchor.offset;
  }

  /** @returns {{row: HTMLElement, offset: number} | null} the first visible row, and its distance from the top */
  anchor() {
    for (const row of this.#rows()) {
      const offset = this.#offsetOf(row);
      if (offset + row.offsetHeight > 0) return { row, offset };
    }
    return null;
  }

  #offsetOf(row) {
    return row.getBoundingClientRect().top - this.#element.getBoundingClientRect().top;
  }
}
