import { clone, setText, slot } from "../lib/dom.js";

const SHOWN_MS = 5_000;

/** Short notes at the edge of the page that go by themselves. */
export class Toasts {
  #element = document.getElementById("toasts");
  #home = this.#element.parentElement;

  constructor() {
    // Only here: without a script a popover could not be seen.
    this.#element.popover = "manual";
    this.#element.showPopover();
    for (const told of this.#element.children) told.addEventListener("animationend", (event) => this.#faded(event));
    document.addEventListener("close", () => this.#settle(), { capture: true });
  }

  show(text) {
    this.#add(text, false);
  }

  fail(text) {
    this.#add(text, true);
  }

  /** What the server would not do, or could not be told. @param {string} what `It was not deleted.` */
  refused(what, { unanswered, detail }) {
    this.fail(`${what} ${unanswered ? "There is no connection just now." : detail}`);
  }

  #add(text, error) {
    const toast = clone("toast-template");
    setText(slot(toast, "text"), text);
    toast.classList.toggle("toast--error", error);
    this.#settle();
    this.#element.append(toast);
    setTimeout(() => toast.remove(), SHOWN_MS);
  }

  /** Into the dialog that is open: all else lies beneath it, and is silent for who listens to the page. */
  #settle() {
    const place = [...document.querySelectorAll("dialog:modal")].at(-1) ?? this.#home;
    if (this.#element.parentElement === place) return;
    place.append(this.#element);
    this.#element.showPopover();
  }

  #faded({ animationName, currentTarget }) {
    if (animationName === "leave") currentTarget.remove();
  }
}
