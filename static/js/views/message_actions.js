import { copyText } from "../lib/clipboard.js";
import { clone } from "../lib/dom.js";
import { MessageEditor } from "./message_editor.js";
import { quoteOf } from "./message_filler.js";
import { View } from "./view.js";

const MODERATING = new Set(["owner", "moderator"]);
const STEPS = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };

/** What can be done with a message: the one toolbar, the keys, and the buttons of failed ones. */
export class MessageActions extends View {
  #room;
  #client;
  #timeline;
  #toolbar = clone("message-toolbar-template");
  #editor = null;

  /** @param {HTMLElement} element the timeline @param {object} room the room view */
  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#client = room.client;
    this.#timeline = room.timeline;
    this.listen(element, "pointerover", (event) => event.pointerType !== "touch" && this.#offer(event.target));
    this.listen(element, "pointerleave", () => this.#withdraw());
    this.listen(element, "focusin", ({ target }) => this.#offer(target));
    this.listen(element, "click", ({ target }) => this.#tapped(target));
    this.listen(document, "pointerdown", ({ target }) => element.contains(target) || this.#toolbar.remove());
    this.listen(document, "keydown", (event) => this.#key(event));
    this.own(() => this.#editor?.close());
    const act = (name, does) => this.action(name, (_, button) => does.call(this, this.#timeline.messageAt(button)));
    act("reply", (message) => this.#room.reply(message));
    act("edit", this.edit);
    act("copy-link", this.#copyLink);
    act("mark-unread", this.#markUnread);
    act("delete", this.#delete);
    act("retry", (entry) => this.#client.outbox.retry(entry.id));
    act("discard", this.#discard);
  }

  /** @returns {Promise<void>} */
  async edit(message) {
    const element = this.#timeline.elementOf(message.id);
    const body = message.body ?? (await this.#bodyOf(message.id));
    if (element === null || body === null) return;
    this.#editor?.close();
    this.#toolbar.remove();
    const save = (words) => this.#client.connection.request("edit", { message: message.id, body: words });
    const closed = () => {
      this.#editor = null;
      this.#room.focusComposer();
    };
    this.#editor = new MessageEditor(element, { body, escapes: this.#room.app.escapes, save, closed });
  }

  /** The newest own message that can be edited. @returns {boolean} */
  editLast() {
    const { messages } = this.#room.conversation.timeline;
    const last = messages.findLast(({ sender, deleted_at: gone }) => sender.id === this.#client.me.id && !gone);
    if (last === undefined) return false;
    this.edit(last);
    return true;
  }

  /** After a draw: a message under a pointer that stands still may have become one that can be acted on. */
  refresh() {
    const hovered = this.#toolbar.isConnected ? null : this.element.querySelector(".message:hover");
    if (hovered !== null) this.#offer(hovered);
  }

  #offer(target) {
    const element = target.closest(".message");
    if (element === null || element.contains(this.#toolbar)) return;
    const message = this.#timeline.messageAt(element);
    const possible = message?.created_at !== undefined && !message.deleted_at && this.#room.canWrite;
    if (!possible || element.classList.contains("message--editing")) {
      this.#toolbar.remove();
      return;
    }
    const mine = message.sender.id === this.#client.me.id;
    this.#button("edit").hidden = !mine;
    this.#button("delete").hidden = !mine && !MODERATING.has(this.#room.role);
    element.append(this.#toolbar);
  }

  /** Leaves with the pointer, but not from under the fingers of somebody at the keyboard. */
  #withdraw() {
    const focused = document.activeElement?.closest(".message");
    if (focused && this.element.contains(focused)) this.#offer(focused);
    else this.#toolbar.remove();
  }

  #tapped(target) {
    if (target.closest("a, button, textarea, input, summary") !== null) return;
    if (matchMedia("(hover: none)").matches) this.#offer(target);
  }

  #key(event) {
    const step = STEPS[event.key];
    if (step === undefined || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const from = document.activeElement?.closest(".message");
    const next = this.element.contains(from) ? sibling(from, step) : this.#lastMessage();
    event.preventDefault();
    if (next !== null) this.#select(next);
    else if (event.key === "ArrowDown") this.#room.focusComposer();
  }

  #select(element) {
    const leave = this.#room.app.escapes.push(() => this.#room.focusComposer());
    element.addEventListener("focusout", leave, { once: true });
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  #lastMessage() {
    return [...this.element.querySelectorAll(".message[data-message]")].at(-1) ?? null;
  }

  #button(name) {
    return this.#toolbar.querySelector(`[data-action="${name}"]`);
  }

  async #copyLink(message) {
    const link = new URL(`${this.#room.url}${message.id}/`, location.href).href;
    if (await copyText(link)) this.#room.app.toasts.show("The link is copied.");
    else this.#room.app.toasts.fail("The link could not be copied.");
  }

  async #markUnread(message) {
    const { room, timeline } = this.#room.conversation;
    this.#client.readMarker.markedUnread(room, timeline.messages.at(-1)?.seq ?? message.seq);
    await this.#try(() => this.#client.markUnread(room, message.seq - 1), "It could not be marked unread.");
    this.#timeline.markNewFrom(message.seq);
  }

  async #delete(message) {
    const agreed = await this.#room.app.confirmDelete(quoteOf(message).text);
    if (!agreed) return;
    await this.#try(() => this.#client.connection.request("delete", { message: message.id }), "It was not deleted.");
    this.#room.focusComposer();
  }

  #discard(entry) {
    this.#client.outbox.discard(entry.id);
    this.#room.focusComposer();
  }

  async #try(work, failure) {
    try {
      await work();
    } catch (refusal) {
      if (refusal.code === undefined) throw refusal;
      const why = refusal.passing ? "There is no connection just now." : refusal.detail;
      this.#room.app.toasts.fail(`${failure} ${why}`);
    }
  }

  async #bodyOf(id) {
    try {
      return (await this.#client.api.get(`messages/${id}/`)).body;
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#room.app.toasts.fail("The message could not be loaded for editing.");
      return null;
    }
  }
}

function sibling(element, step) {
  let next = element[step];
  while (next !== null && !next.classList.contains("message")) next = next[step];
  return next;
}
