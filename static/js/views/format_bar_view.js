import { setCookie } from "../lib/cookie.js";
import { slot } from "../lib/dom.js";
import { View } from "./view.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** The buttons over the composer, and the one that shows and hides them; what one chose is remembered. */
export class FormatBarView extends View {
  #bar;
  #toggle;

  /** @param {HTMLFormElement} element the composer @param {import("./writing.js").Writing} writing */
  constructor(element, writing) {
    super(element);
    this.#bar = slot(element, "format-bar");
    this.#toggle = element.querySelector('[data-action="toggle-format-bar"]');
    // The text keeps the focus, and an on-screen keyboard stays.
    this.listen(this.#bar, "mousedown", (event) => event.preventDefault());
    this.listen(this.#bar, "keydown", (event) => this.#key(event));
    this.listen(this.#bar, "click", ({ target }) => {
      const button = target.closest("[data-format]");
      if (button !== null) writing.format(button.dataset.format);
    });
    this.action("toggle-format-bar", () => this.#show(!this.#shown));
    this.#mark();
  }

  get #shown() {
    return this.#bar.checkVisibility();
  }

  #show(shown) {
    this.element.dataset.formatBar = shown ? "open" : "closed";
    setCookie("format_bar", shown ? "open" : "closed");
    this.#mark();
  }

  #mark() {
    this.#toggle.ariaExpanded = String(this.#shown);
  }

  /** One stop for Tab, arrows go through it. */
  #key(event) {
    const buttons = [...this.#bar.querySelectorAll("[data-format]")];
    const at = buttons.indexOf(event.target);
    const ends = { Home: 0, End: buttons.length - 1 };
    const to = event.key in STEPS ? (at + STEPS[event.key] + buttons.length) % buttons.length : ends[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  }
}
