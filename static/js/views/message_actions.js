import { copyText } from "../lib/clipboard.js";
import { clone } from "../lib/dom.js";
import { MessageEditor } from "./message_editor.js";
import { quoteOf } from "./message_filler.js";
import { View } from "./view.js";

const MODERATING = new Set(["owner", "moderator"]);
const STEPS = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
const HOLD_MS = 450;
const QUICK_EMOJI = 3;
const MENU_EMOJI = 6;
/** Key on a selected message → what it does; of several, what can be done. */
const KEYS = {
  r: "reply",
  t: "open-thread",
  "+": "pick-reaction",
  e: "edit",
  l: "copy-link",
  f: "forward",
  p: ["pin", "unpin"],
  b: ["keep", "unkeep"],
  u: "mark-unread",
  Delete: "delete",
  m: "open-menu",
  ContextMenu: "open-menu",
};

/** What can be done with a message: the one toolbar, the menu, the keys, and the buttons of failed ones. */
export class MessageActions extends View {
  #room;
  #client;
  #timeline;
  #toolbar = clone("message-toolbar-template");
  #editor = null;
  #hold = null;
  #held = false;
  #acts;

  /** @param {HTMLElement} element the timeline @param {object} room the view of the room or thread */
  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#client = room.client;
    this.#timeline = room.timeline;
    this.#acts = {
      reply: (message) => this.#room.reply(message),
      "open-thread": ({ id }) => this.#room.openThread(id),
      "quick-react": (message, emoji) => this.#room.reactions.react(message, emoji),
      "pick-reaction": (message) => this.#pick(message),
      "open-menu": (message) => this.#openMenu(message),
      edit: (message) => this.edit(message),
      "copy-link": (message) => this.#copyLink(message),
      "mark-unread": (message) => this.#markUnread(message),
      forward: (message) => this.#forward(message),
      pin: (message) => this.#pin(message, true),
      unpin: (message) => this.#pin(message, false),
      keep: ({ id }) => this.#keep(id, true),
      unkeep: ({ id }) => this.#keep(id, false),
      report: (message) => this.#room.app.report.open(message.id, quoteOf(message).text),
      delete: (message) => this.#delete(message),
    };
    this.listen(element, "pointerover", (event) => this.#pointed(event));
    this.listen(element, "pointerleave", () => this.#withdraw());
    this.listen(element, "focusin", ({ target }) => this.#offer(target));
    this.listen(element, "pointerdown", (event) => this.#pressed(event));
    for (const type of ["pointerup", "pointercancel", "pointermove"]) this.listen(element, type, () => this.#released());
    // The finger that opened the menu is lifted: no tap on what lies under it now, nor a menu of the browser's own.
    for (const type of ["touchend", "contextmenu"]) {
      this.listen(element, type, (event) => this.#held && event.preventDefault(), { passive: false });
    }
    this.listen(document, "pointerdown", ({ target }) => element.contains(target) || this.#toolbar.remove());
    this.listen(document, "keydown", (event) => this.#key(event));
    this.listen(this.#toolbar, "click", ({ target }) => this.#clicked(target));
    this.own(() => this.#editor?.close());
    const act = (name, does) => this.action(name, (_, button) => does.call(this, this.#timeline.messageAt(button)));
    act("retry", (entry) => this.#client.outbox.retry(entry.id));
    act("discard", this.#discard);
    act("drop-previews", this.#dropPreviews);
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
    this.#editor = new MessageEditor(element, { body, names: this.#room.names, escapes: this.#room.app.escapes, save, closed });
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
    if (!this.#isPossible(message) || element.classList.contains("message--editing")) {
      this.#toolbar.remove();
      return;
    }
    this.#client.bookmarks.load();
    const emoji = this.#client.recentEmoji.top(QUICK_EMOJI);
    for (const button of this.#toolbar.querySelectorAll("[data-action]")) {
      button.hidden = !this.#isAllowed(button.dataset.action, message);
      if (button.dataset.action !== "quick-react") continue;
      button.textContent = emoji.shift();
      button.setAttribute("aria-label", `React with ${button.textContent}`);
    }
    element.append(this.#toolbar);
  }

  #isPossible(message) {
    return message?.created_at !== undefined && message.id !== null && !message.deleted_at && this.#room.canWrite;
  }

  #isAllowed(action, { id, sender, pinned }) {
    const mine = sender.id === this.#client.me.id;
    if (action === "report") return !mine;
    if (action === "pin" || action === "unpin") return this.#room.canWrite && (action === "pin") === !pinned;
    if (action === "keep" || action === "unkeep") return (action === "keep") === !this.#client.bookmarks.has(id);
    if (action === "edit") return mine;
    if (action === "delete") return mine || MODERATING.has(this.#room.role);
    return action !== "open-thread" || this.#room.conversation.thread === null;
  }

  #perform(action, message, emoji) {
    if (this.#isPossible(message) && this.#isAllowed(action, message)) this.#acts[action]?.(message, emoji);
  }

  #clicked(target) {
    const button = target.closest("[data-action]");
    if (button === null) return;
    this.#perform(button.dataset.action, this.#timeline.messageAt(button), button.textContent.trim());
  }

  #openMenu(message) {
    this.#room.app.messageMenu.open(this.#anchor("open-menu", message), {
      emoji: this.#client.recentEmoji.top(MENU_EMOJI),
      allowed: (action) => this.#isAllowed(action, message),
      perform: (action, emoji) => this.#perform(action, message, emoji),
    });
  }

  #pick(message) {
    this.#room.reactions.pick(message, this.#anchor("pick-reaction", message));
  }

  /** The toolbar's button when it is there, else the message itself. */
  #anchor(action, { id }) {
    const element = this.#timeline.elementOf(id);
    return element.querySelector(`.toolbar [data-action="${action}"]`) ?? element;
  }

  /** A pointer that lies still, while messages move beneath it, takes nothing from somebody at the keyboard. */
  #pointed({ target, pointerType }) {
    if (pointerType !== "touch" && this.#toolbar.querySelector(":focus-visible") === null) this.#offer(target);
  }

  /** Leaves with the pointer, but not from under the fingers of somebody at the keyboard. */
  #withdraw() {
    const focused = document.activeElement?.closest(".message");
    if (focused && this.element.contains(focused)) this.#offer(focused);
    else this.#toolbar.remove();
  }

  /** A finger that stays on a message asks what can be done with it. */
  #pressed({ target, pointerType }) {
    this.#held = false;
    if (pointerType !== "touch" || target.closest("button, textarea, input, summary") !== null) return;
    this.#released();
    this.#client.bookmarks.load();
    this.#hold = setTimeout(() => {
      this.#held = true;
      this.#perform("open-menu", this.#timeline.messageAt(target));
    }, HOLD_MS);
  }

  #released() {
    clearTimeout(this.#hold);
  }

  #key(event) {
    if (!this.#room.hasKeys || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.altKey) this.#step(event);
    else this.#keyOnMessage(event);
  }

  #step(event) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const from = document.activeElement?.closest(".message");
    const next = this.element.contains(from) ? sibling(from, step) : this.#lastMessage();
    event.preventDefault();
    if (next !== null) this.#select(next);
    else if (event.key === "ArrowDown") this.#room.focusComposer();
  }

  #keyOnMessage(event) {
    const element = document.activeElement;
    const action = KEYS[event.key];
    const writes = element?.closest("input, textarea") !== null;
    if (action === undefined || writes || !element.closest(".message") || !this.element.contains(element)) return;
    event.preventDefault();
    const message = this.#timeline.messageAt(element);
    const fitting = [action].flat().find((each) => message && this.#isAllowed(each, message));
    if (fitting) this.#perform(fitting, message);
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

  async #copyLink(message) {
    const link = new URL(`${this.#room.url}${message.id}/`, location.href).href;
    if (await copyText(link)) this.#room.app.toasts.show("The link is copied.");
    else this.#room.app.toasts.fail("The link could not be copied.");
  }

  async #markUnread(message) {
    await this.#try(() => this.#room.markUnread(message), "It could not be marked unread.");
    this.#timeline.markNewFrom(message.seq);
  }

  #pin({ id }, on) {
    const { api } = this.#client;
    return this.#try(() => (on ? api.put(`messages/${id}/pin/`) : api.delete(`messages/${id}/pin/`)), "It was not pinned.");
  }

  async #keep(id, on) {
    const { api } = this.#client;
    const path = `messages/${id}/bookmark/`;
    const done = await this.#try(() => (on ? api.put(path) : api.delete(path)), "It was not kept.");
    if (done) this.#room.app.toasts.show(on ? "Kept for later." : "Kept no longer.");
  }

  async #forward(message) {
    const body = message.body ?? (await this.#bodyOf(message.id));
    if (body === null) return;
    const url = new URL(`${this.#room.url}${message.id}/`, location.href).href;
    this.#room.app.forward.open({ ...message, body }, url);
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

  #dropPreviews({ id }) {
    return this.#try(() => this.#client.api.delete(`messages/${id}/previews/`), "The previews stay.");
  }

  async #try(work, failure) {
    try {
      await work();
      return true;
    } catch (refusal) {
      if (refusal.code === undefined) throw refusal;
      this.#room.app.toasts.refused(failure, refusal);
      return false;
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
