/** What is mounted on a piece of the page, and leaves no listener behind when that piece goes. */
export class View {
  #ending = new AbortController();
  #offs = [];
  /** @type {HTMLElement} */
  element;

  constructor(element) {
    this.element = element;
  }

  /** A listener on anything, for as long as this view lives. */
  listen(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { ...options, signal: this.#ending.signal });
  }

  /** Clicks on `[data-action=name]` inside this view. */
  action(name, listener) {
    this.listen(this.element, "click", (event) => {
      const target = event.target.closest(`[data-action="${name}"]`);
      if (target !== null && this.element.contains(target)) listener(event, target);
    });
  }

  /** Something to undo at the end, such as an emitter's listener. */
  own(...offs) {
    this.#offs.push(...offs);
  }

  destroy() {
    this.#ending.abort();
    for (const off of this.#offs) off();
    this.#offs = [];
  }
}
