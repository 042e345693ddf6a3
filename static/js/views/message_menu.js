import { placeBeside } from "../lib/beside.js";
import { View } from "./view.js";

const PHONE = matchMedia("(max-width: 640px)");
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** The one menu of what can be done with a message: beside it, or from below on a phone. */
export class MessageMenu extends View {
  #perform = null;
  #focus = null;

  /** @param {HTMLElement} element `#message-menu` */
  constructor(element) {
    super(element);
    this.listen(element, "click", (event) => this.#clicked(event));
    this.listen(element, "keydown", (event) => this.#key(event));
    this.listen(element, "toggle", ({ newState }) => newState === "closed" && this.#closed());
    // By hand: what closes by itself closes when the finger is lifted that has opened it.
    this.listen(document, "pointerdown", ({ target }) => element.contains(target) || this.#close());
  }

  /**
   * @param {HTMLElement} anchor
   * @param {object} parts
   * @param {string[]} parts.emoji quick reactions
   * @param {(action: string) => boolean} parts.allowed
   * @param {(action: string, emoji: string | undefined) => void} parts.perform
   */
  open(anchor, { emoji, allowed, perform }) {
    this.#close();
    this.#perform = perform;
    this.#focus = document.activeElement;
    for (const item of this.#items) item.hidden = !allowed(item.dataset.action);
    const quick = this.element.querySelectorAll("[data-action='quick-react']");
    quick.forEach((button, index) => {
      button.textContent = emoji[index];
      button.setAttribute("aria-label", `React with ${emoji[index]}`);
    });
    this.element.showPopover();
    if (PHONE.matches) this.element.removeAttribute("style");
    else placeBeside(this.element, anchor);
    this.#shown[0]?.focus();
  }

  get #items() {
    return [...this.element.querySelectorAll("[data-action]")];
  }

  get #shown() {
    return this.#items.filter((item) => !item.hidden && item.classList.contains("menu__item"));
  }

  #close() {
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }

  #clicked({ target }) {
    const item = target.closest("[data-action]");
    if (item === null) return;
    const perform = this.#perform;
    this.#close();
    perform(item.dataset.action, item.textContent.trim());
  }

  #key(event) {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== "Escape") return;
    event.preventDefault();
    if (step === undefined) return this.#close();
    const shown = this.#shown;
    shown.at((shown.indexOf(document.activeElement) + step) % shown.length)?.focus();
  }

  #closed() {
    this.#perform = null;
    if (this.element.contains(document.activeElement) || document.activeElement === document.body) {
      this.#focus?.focus({ preventScroll: true });
    }
  }
}
