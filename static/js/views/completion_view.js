import { clone, setText, slot } from "../lib/dom.js";
import { applyEdit } from "../lib/editing.js";
import { Completion } from "../models/completion.js";
import { View } from "./view.js";

let views = 0;

/** The list that opens over a text field while a word is typed that can be completed: a combobox while it is open. */
export class CompletionView extends View {
  #input;
  #list = clone("completion-template");
  #completion;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {import("../models/completion.js").Kind[]} kinds
   */
  constructor(input, kinds) {
    super(input);
    this.#input = input;
    this.#completion = new Completion(kinds);
    this.#completion.on("change", () => this.#draw());
    views += 1;
    this.#list.id = `completion-${views}`;
    input.after(this.#list);
    this.listen(input, "keydown", (event) => this.#key(event));
    this.listen(input, "input", () => this.#update());
    this.listen(input, "click", () => this.#update());
    this.listen(input, "blur", () => this.#completion.close());
    // The text keeps the focus, for losing it closes the list.
    this.listen(this.#list, "mousedown", (event) => event.preventDefault());
    this.listen(this.#list, "pointermove", ({ target }) => this.#completion.select(this.#indexOf(target)));
    this.listen(this.#list, "click", ({ target }) => {
      const index = this.#indexOf(target);
      if (index < 0) return;
      this.#completion.select(index);
      this.#accept();
    });
    this.own(() => this.#list.remove());
  }

  #update() {
    const { value, selectionStart, selectionEnd } = this.#input;
    if (selectionStart === selectionEnd) this.#completion.update(value, selectionEnd);
    else this.#completion.close();
  }

  #key(event) {
    if (!this.#completion.open || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const does = {
      ArrowDown: () => this.#completion.move(1),
      ArrowUp: () => this.#completion.move(-1),
      Enter: () => this.#accept(),
      Tab: () => this.#accept(),
      Escape: () => this.#completion.dismiss(),
    }[event.key];
    if (does === undefined || event.shiftKey) {
      if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") this.#completion.close();
      return;
    }
    event.preventDefault();
    does();
  }

  #accept() {
    applyEdit(this.#input, this.#completion.accept(this.#input.selectionEnd));
  }

  #draw() {
    const { open, items, selected } = this.#completion;
    this.#list.replaceChildren(...items.map((item, index) => this.#item(item, index, index === selected)));
    this.#list.hidden = !open;
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": this.#list.id,
      "aria-activedescendant": `${this.#list.id}-${selected}`,
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (open) this.#input.setAttribute(name, value);
      else this.#input.removeAttribute(name);
    }
    this.#list.children[selected]?.scrollIntoView({ block: "nearest" });
  }

  #item({ icon = "", label, hint = "" }, index, isSelected) {
    const element = clone("completion-item-template");
    element.id = `${this.#list.id}-${index}`;
    element.ariaSelected = String(isSelected);
    setText(slot(element, "icon"), icon);
    setText(slot(element, "label"), label);
    setText(slot(element, "hint"), hint);
    return element;
  }

  #indexOf(target) {
    return [...this.#list.children].indexOf(target.closest(".completion__item"));
  }
}
