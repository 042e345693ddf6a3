import { copyText } from "../lib/clipboard.js";
import { clone, setText, slot } from "../lib/dom.js";
import { languageOf } from "../lib/languages.js";
import { View } from "./view.js";

const COPIED_MS = 1_500;

/** Adds to the server's HTML what needs a script: names and copy buttons of code, spoilers that can be opened. */
export function dress(body) {
  for (const pre of body.querySelectorAll("pre")) dressCode(pre);
  for (const spoiler of body.querySelectorAll(".spoiler")) {
    spoiler.tabIndex = 0;
    spoiler.role = "button";
    spoiler.ariaLabel = "Spoiler, show it";
  }
}

function dressCode(pre) {
  if (pre.parentElement.classList.contains("code")) return;
  const frame = clone("code-template");
  setText(slot(frame, "language"), languageOf(pre.firstElementChild?.className ?? ""));
  pre.replaceWith(frame);
  frame.prepend(pre);
}

/** What one can do with what people wrote. */
export class ProseView extends View {
  #app;

  /** @param {HTMLElement} element around it all @param {App} app */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.action("copy-code", (_, button) => this.#copy(button));
    // Before a link inside, or the message around it, has its turn.
    this.listen(element, "click", (event) => this.#open(event), { capture: true });
    this.listen(element, "keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") this.#open(event);
    });
  }

  async #copy(button) {
    const code = button.closest(".code").querySelector("code").textContent;
    if (!(await copyText(code.replace(/\n$/u, "")))) {
      this.#app.toasts.fail("The code could not be copied.");
      return;
    }
    button.classList.add("code__copy--done");
    this.#app.announcer.say("The code is copied.");
    setTimeout(() => button.classList.remove("code__copy--done"), COPIED_MS);
  }

  #open(event) {
    const spoiler = event.target.closest?.(".spoiler");
    if (!spoiler || spoiler.classList.contains("spoiler--open")) return;
    event.preventDefault();
    event.stopPropagation();
    spoiler.classList.add("spoiler--open");
    // From now on it is text; who opened it by the keyboard stays where they are.
    for (const name of ["role", "aria-label"]) spoiler.removeAttribute(name);
    spoiler.tabIndex = -1;
  }
}
