import { clone, setText, slot } from "../lib/dom.js";
import { View } from "./view.js";
import { Writing } from "./writing.js";

const MOST_ROWS = 10;

/** Edits one message in its place. */
export class MessageEditor extends View {
  #message;
  #input;
  #save;
  #closed;
  #release;

  /**
   * @param {HTMLElement} message the message's element
   * @param {object} parts
   * @param {string} parts.body its present text
   * @param {object[]} parts.names what may be completed
   * @param {EscapeStack} parts.escapes
   * @param {(body: string) => Promise<unknown>} parts.save rejects with Refusal
   * @param {() => void} parts.closed
   */
  constructor(message, { body, names, escapes, save, closed }) {
    super(clone("message-editor-template"));
    this.#message = message;
    this.#save = save;
    this.#closed = closed;
    this.#input = slot(this.element, "input");
    this.#input.value = body;
    const writing = new Writing(this.#input, names);
    this.own(() => writing.destroy());
    this.listen(this.element, "submit", (event) => {
      event.preventDefault();
      this.#submit(body);
    });
    this.listen(this.#input, "keydown", (event) => this.#key(event));
    this.listen(this.#input, "input", () => this.#grow());
    this.action("cancel-edit", () => this.close());
    this.#release = escapes.push(() => this.close());
    message.classList.add("message--editing");
    slot(message, "body").after(this.element);
    this.#grow();
    this.#input.focus({ preventScroll: true });
    this.#input.setSelectionRange(body.length, body.length);
    this.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.#release();
    this.#message.classList.remove("message--editing");
    this.element.remove();
    this.destroy();
    this.#closed();
  }

  #key(event) {
    if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.element.requestSubmit();
  }

  async #submit(before) {
    const body = this.#input.value.replace(/^(?:[ \t]*\r?\n)+|\s+$/gu, "");
    if (body === before) return this.close();
    if (body === "") return this.#complain("A message needs words. Delete it instead, if it should go.");
    try {
      await this.#save(body);
      return this.close();
    } catch (refusal) {
      if (refusal.code === undefined) throw refusal;
      return this.#complain(reasonOf(refusal));
    }
  }

  #complain(text) {
    const note = slot(this.element, "error");
    setText(note, text);
    note.hidden = false;
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#input.rows = Math.min(MOST_ROWS, this.#input.value.split("\n").length);
  }
}

function reasonOf({ code, detail }) {
  if (code === "disconnected" || code === "timeout") return "There is no connection just now. Save again when it is back.";
  if (code === "rate_limited" || code === "unavailable") return "The server is busy. Save again in a moment.";
  return `Not saved: ${detail || code}`;
}
