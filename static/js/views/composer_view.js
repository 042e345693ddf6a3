import { characters } from "../lib/lengths.js";
import { setText, slot } from "../lib/dom.js";
import { codeFrom } from "../lib/paste.js";
import { FormatBarView } from "./format_bar_view.js";
import { quoteOf } from "./message_filler.js";
import { UploadsView } from "./uploads_view.js";
import { View } from "./view.js";
import { Writing } from "./writing.js";

const COUNT_FROM = 15_000;
const DRAFT_SETTLE_MS = 300;
const MOST_ROWS = 10;
const AWAITED = "It is sent as soon as its files are there.";

/** Where one writes. What is sent is on the screen at once; the outbox does the rest. */
export class ComposerView extends View {
  #room;
  #client;
  #input;
  #replyTo = null;
  #draftTimer = null;
  #release = () => {};
  #uploads;
  #files;

  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#client = room.client;
    this.#input = slot(element, "input");
    // Before the listeners below: it takes keys from them.
    const writing = new Writing(this.#input, room.names);
    const formatBar = new FormatBarView(element, writing);
    this.listen(element, "submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.listen(this.#input, "keydown", (event) => this.#key(event));
    this.listen(this.#input, "input", () => this.#typed());
    this.listen(this.#input, "paste", (event) => this.#paste(event));
    this.listen(window, "pagehide", () => this.#keepDraft());
    this.action("cancel-reply", () => this.#stopReply());
    this.own(
      () => writing.destroy(),
      () => formatBar.destroy(),
      () => this.#keepDraft(),
      () => this.#release(),
    );
    this.#uploads = this.#client.drafts.uploads(this.#draftKey);
    this.#files = new UploadsView(element, room, this.#uploads);
    this.own(
      this.#uploads.on("change", () => this.#filesChanged()),
      () => this.#files.destroy(),
    );
    this.#restore();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  /** Answer a message. */
  reply(message) {
    this.#replyTo = message.id;
    this.#showReply(message);
    this.#typed();
    this.focus();
  }

  get #roomId() {
    return this.#room.conversation.room;
  }

  get #draftKey() {
    const { room, thread } = this.#room.conversation;
    return thread === null ? room : `${room}/${thread}`;
  }

  #send() {
    const body = this.#input.value.replace(/^(?:[ \t]*\r?\n)+|\s+$/gu, "");
    const uploads = this.#uploads;
    uploads.awaited = uploads.busy;
    if (body.trim() === "" && uploads.items.length === 0) return;
    if (characters(body) > this.#client.limits.body) {
      this.#complain(`That is too long: at most ${this.#client.limits.body.toLocaleString("en")} characters.`);
      return;
    }
    if (uploads.busy) return this.#complain(AWAITED);
    if (uploads.failed) return this.#complain("Remove the files that could not be sent.");
    const { room, thread } = this.#room.conversation;
    this.#client.outbox.add({ room, thread, body, replyTo: this.#replyTo, attachments: uploads.take() });
    this.#client.typingNotifier.finished(this.#roomId);
    this.#input.value = "";
    this.#clearReply();
    this.#changed();
    this.#keepDraft();
    this.#room.toNewest();
    this.focus();
  }

  /** What was to be sent once its files are there goes now. */
  #filesChanged() {
    this.#input.required = this.#uploads.items.length === 0;
    if (!this.#uploads.busy && this.#uploads.awaited) this.#send();
    else this.#changed();
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "ArrowUp" && this.#input.value === "" && !hasModifier(event)) {
      if (this.#room.editLast()) event.preventDefault();
    }
  }

  #typed() {
    this.#changed();
    if (this.#input.value.trim() !== "") this.#client.typingNotifier.typed(this.#roomId);
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => this.#keepDraft(), DRAFT_SETTLE_MS);
  }

  #changed() {
    const { value } = this.#input;
    const length = value.length > COUNT_FROM ? characters(value) : value.length;
    const tooLong = length > this.#client.limits.body;
    this.element.classList.toggle("composer--empty", value.trim() === "" && this.#uploads.items.length === 0);
    this.element.classList.toggle("composer--too-long", tooLong);
    slot(this.element, "count").hidden = length < COUNT_FROM;
    setText(slot(this.element, "count"), `${length.toLocaleString("en")} / ${this.#client.limits.body.toLocaleString("en")}`);
    if (!tooLong && !this.#uploads.awaited) this.#complain("");
    if (!CSS.supports("field-sizing", "content")) this.#input.rows = Math.min(MOST_ROWS, value.split("\n").length);
  }

  #complain(text) {
    this.element.classList.toggle("composer--error", text !== "");
    slot(this.element, "error").hidden = text === "";
    setText(slot(this.element, "error"), text);
  }

  /** Lines that were copied as code go in as code. */
  #paste(event) {
    if (this.#files.paste(event.clipboardData)) return event.preventDefault();
    const code = codeFrom(event.clipboardData);
    if (code === null || event.defaultPrevented) return undefined;
    event.preventDefault();
    // The only way to insert that keeps the browser's own undo.
    return document.execCommand("insertText", false, code);
  }

  async #restore() {
    const { body, replyTo } = this.#client.drafts.get(this.#draftKey);
    if (this.#input.value === "" && body !== "") this.#input.value = body;
    this.#replyTo = replyTo;
    if (this.#uploads.awaited) this.#complain(AWAITED);
    this.#filesChanged();
    if (this.#replyTo === null) return;
    const message = await this.#room.find(replyTo);
    if (this.#replyTo === replyTo) this.#showReply(message);
  }

  #keepDraft() {
    clearTimeout(this.#draftTimer);
    this.#client.drafts.set(this.#draftKey, { body: this.#input.value, replyTo: this.#replyTo });
  }

  #showReply(message) {
    const { name, text } = quoteOf(message);
    setText(slot(this.element, "reply-name"), name);
    setText(slot(this.element, "reply-text"), text);
    slot(this.element, "reply").hidden = false;
    this.#release();
    this.#release = this.#room.app.escapes.push(() => this.#stopReply());
  }

  #stopReply() {
    this.#clearReply();
    this.#keepDraft();
    this.focus();
  }

  #clearReply() {
    this.#replyTo = null;
    slot(this.element, "reply").hidden = true;
    this.#release();
    this.#release = () => {};
  }
}

function hasModifier({ shiftKey, altKey, ctrlKey, metaKey }) {
  return shiftKey || altKey || ctrlKey || metaKey;
}
