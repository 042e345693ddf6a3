import { copyText } from "../lib/clipboard.js";
import { MessageEditor } from "./message_editor.js";
import { quoteOf } from "./message_filler.js";

const MODERATING = new Set(["owner", "moderator"]);
const WRITING = new Set(["reply", "edit", "pin", "unpin"]);
const REACTING = new Set(["quick-react", "pick-reaction"]);

/** What can be done with a message of a room or thread, whichever way it is asked for. */
export class MessageActs {
  #room;
  #client;
  #editor = null;
  #does = {
    reply: (message) => this.#room.reply(message),
    "open-thread": ({ id }) => this.#room.openThread(id),
    "quick-react": (message, emoji) => this.#room.reactions.react(message, emoji),
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
    "drop-previews": (message) => this.#dropPreviews(message),
    retry: (entry) => this.#client.outbox.retry(entry.id),
    discard: (entry) => this.#discard(entry),
  };

  /** @param {object} room the view of the room or thread */
  constructor(room) {
    this.#room = room;
    this.#client = room.client;
  }

  /** The editor goes, if one is open. */
  close() {
    this.#editor?.close();
  }

  /** Whether anything can be done with it: it has arrived, is not deleted, and one is in the room. */
  arePossible(message) {
    return message?.created_at !== undefined && message.id !== null && !message.deleted_at && this.#room.isMember;
  }

  isAllowed(action, { id, sender, pinned }) {
    const mine = sender.id === this.#client.me.id;
    if (WRITING.has(action) && !this.#room.canWrite) return false;
    if (REACTING.has(action) && !this.#room.canReact) return false;
    if (action === "report") return !mine;
    if (action === "pin" || action === "unpin") return (action === "pin") === !pinned;
    if (action === "keep" || action === "unkeep") return (action === "keep") === !this.#client.bookmarks.has(id);
    if (action === "edit") return mine;
    if (action === "delete") return (mine || MODERATING.has(this.#room.role)) && !this.#room.isArchived;
    return action !== "open-thread" || this.#room.conversation.thread === null;
  }

  /** @param {string} [emoji] of a reaction */
  perform(action, message, emoji) {
    this.#does[action](message, emoji);
  }

  /** @returns {Promise<void>} */
  async edit(message) {
    const element = this.#room.timeline.elementOf(message.id);
    const body = message.body ?? (await this.#bodyOf(message.id));
    if (element === null || body === null) return;
    this.#editor?.close();
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

  async #copyLink(message) {
    const link = new URL(`${this.#room.url}${message.id}/`, location.href).href;
    if (await copyText(link)) this.#room.app.toasts.show("The link is copied.");
    else this.#room.app.toasts.fail("The link could not be copied.");
  }

  async #markUnread(message) {
    await this.#try(() => this.#room.markUnread(message), "It could not be marked unread.");
    this.#room.timeline.markNewFrom(message.seq);
  }

  #pin({ id }, on) {
    const { api } = this.#client;
    return this.#try(() => (on ? api.put(`messages/${id}/pin/`) : api.delete(`messages/${id}/pin/`)), on ? "It was not pinned." : "It is pinned still.");
  }

  async #keep(id, on) {
    const { api } = this.#client;
    const path = `messages/${id}/bookmark/`;
    const done = await this.#try(() => (on ? api.put(path) : api.delete(path)), on ? "It was not kept." : "It is kept still.");
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
