import { View } from "./view.js";

/** A `<details>` menu: closes on Esc, on a click elsewhere, and when something in it was chosen. */
export class MenuView extends View {
  #release = () => {};

  constructor(element, { escapes }) {
    super(element);
    this.listen(element, "toggle", () => {
      this.#release();
      this.#release = element.open ? escapes.push(() => this.#close(true)) : () => {};
    });
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
