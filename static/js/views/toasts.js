import { clone, setText, slot } from "../lib/dom.js";

const SHOWN_MS = 5_000;

/** Short notes at the edge of the page that go by themselves. */
export class Toasts {
  #element = document.getElementById("toasts");

  show(text) {
    this.#add(text, false);
  }

  fail(text) {
    this.#add(text, true);
  }

  /** What the server would not do, or could not be told. @param {string} what `It was not deleted.` */
  refused(what, { passing, detail }) {
    this.fail(`${what} ${passing ? "There is no connection just now." : detail}`);
  }

  #add(text, error) {
    const toast = clone("toast-template");
    setText(slot(toast, "text"), text);
    toast.classList.toggle("toast--error", error);
    this.#element.append(toast);
    setTimeout(() => toast.remove(), SHOWN_MS);
  }
}
