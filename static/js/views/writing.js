import { applyEdit } from "../lib/editing.js";
import { pageEmoji } from "../lib/emoji_data.js";
import { emojiNames } from "../models/emoji_names.js";
import { format, linkTo } from "../models/formatting.js";
import { isInCode, nextLine } from "../models/lines.js";
import { CompletionView } from "./completion_view.js";
import { View } from "./view.js";

const INDENT = "  ";
const KEYS = { "mod+b": "bold", "mod+i": "italic", "mod+e": "code", "mod+shift+x": "strike", "mod+shift+u": "link" };
const DIGITS = { Digit7: "numbers", Digit8: "bullets", Digit9: "quote" };

const emoji = emojiNames(() => pageEmoji().rows());

/** Comfort in a text field: formatting by keys, lists that go on, code that is indented, words that are completed. */
export class Writing extends View {
  #completion;

  /** @param {HTMLTextAreaElement} input @param {import("../models/completion.js").Kind[]} names of people and rooms */
  constructor(input, names = []) {
    super(input);
    // Before the keys below: an open list takes Enter and Tab.
    this.#completion = new CompletionView(input, [emoji, ...names]);
    this.own(() => this.#completion.destroy());
    this.listen(input, "keydown", (event) => this.#key(event));
    this.listen(input, "paste", (event) => this.#paste(event));
  }

  /** @param {string} name as in `models/formatting.js` */
  format(name) {
    const { value, selectionStart, selectionEnd } = this.element;
    applyEdit(this.element, format(name, value, selectionStart, selectionEnd));
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    const name = formatOf(event);
    const edit = name === undefined ? this.#edit(event) : null;
    if (name === undefined && edit === null) return;
    event.preventDefault();
    if (edit === null) this.format(name);
    else applyEdit(this.element, edit);
  }

  #edit({ key, shiftKey, ctrlKey, metaKey, altKey }) {
    const { value, selectionStart: from, selectionEnd: to } = this.element;
    if (ctrlKey || metaKey || altKey) return null;
    if (key === "Enter" && shiftKey) return from === to ? nextLine(value, to) : null;
    // Shift+Tab leaves the field from everywhere.
    const typed = { Enter: "\n", Tab: INDENT }[key];
    if (typed === undefined || shiftKey || !isInCode(value, from)) return null;
    return { from, to, text: typed, select: [from + typed.length, from + typed.length] };
  }

  #paste(event) {
    const { value, selectionStart, selectionEnd } = this.element;
    const edit = linkTo(event.clipboardData.getData("text/plain").trim(), value, selectionStart, selectionEnd);
    if (edit === null) return;
    event.preventDefault();
    applyEdit(this.element, { ...edit, select: [edit.select[1], edit.select[1]] });
  }
}

function formatOf({ key, code, shiftKey, ctrlKey, metaKey, altKey }) {
  if (!(ctrlKey || metaKey)) return undefined;
  if (shiftKey && altKey) return code === "KeyC" ? "block" : undefined;
  if (altKey) return undefined;
  return (shiftKey ? DIGITS[code] : undefined) ?? KEYS[`mod+${shiftKey ? "shift+" : ""}${key.toLowerCase()}`];
}
