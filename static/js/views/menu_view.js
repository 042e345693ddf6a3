import { View } from "./view.js";

/** A `<details>` menu: closes on Esc, on a click elsewhere, and when something in it was chosen. */
export class MenuView extends View {
  #release = () => {};

  constructor(element, { escapes }) {
    super(element);
    // Not the `toggle` event: it comes later, when Esc may have been pressed already.
    const opened = new MutationObserver(() => {
      this.#release();
      this.#release = element.open ? escapes.push(() => this.#close(true)) : () => {};
    });
    opened.observe(element, { attributeFilter: ["open"] });
    this.own(() => opened.disconnect());
    this.listen(document, "click", ({ target }) => {
      if (element.open && (!element.contains(target) || target.closest(".menu__item"))) this.#close(false);
    });
    this.own(() => this.#release());
  }

  #close(focus) {
    this.element.open = false;
    if (focus) this.element.querySelector("summary").focus();
  }
}
