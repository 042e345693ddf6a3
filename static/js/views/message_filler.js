import { clone, setText, slot } from "../lib/dom.js";
import { fillAttachments } from "./attachment_filler.js";
import { fillPreviews } from "./preview_filler.js";
import { initials } from "../lib/initials.js";
import { textOf, withoutSpoilers } from "../lib/words.js";
import { foldIfLong } from "./folding.js";
import { drawReactions, drawThread } from "./message_marks.js";
import { dress } from "./prose.js";

const QUOTE_CHARACTERS = 140;

/** Fills the one markup of a message from the wire's object, and keeps it up to date in place. */
export class MessageFiller {
  #client;
  #roomUrl;
  #quoted;
  #moderates;
  #isRoot;
  #html = new WeakMap();

  /**
   * @param {object} parts
   * @param {Client} parts.client
   * @param {string} parts.roomUrl with its trailing slash
   * @param {(id: string) => Promise<object | undefined>} parts.quoted finds the message that another one answers
   * @param {() => boolean} parts.moderates whether the reader moderates the room
   * @param {boolean} [parts.isRoot] for the message above its thread, which has its place elsewhere
   */
  constructor({ client, roomUrl, quoted, moderates, isRoot = false }) {
    this.#client = client;
    this.#roomUrl = roomUrl;
    this.#quoted = quoted;
    this.#moderates = moderates;
    this.#isRoot = isRoot;
  }

  /** @returns {HTMLElement} */
  create(message) {
    const element = clone("message-template");
    this.#identify(element, message);
    this.#head(element, message);
    this.update(element, message);
    if (message.reply_to) this.#reply(element, message.reply_to);
    return element;
  }

  /** What the server rendered lacks only what differs per reader. */
  adopt(element, message, retime) {
    this.#html.set(element, message.html);
    if (retime) this.#clock(element, Date.parse(message.created_at));
    dress(slot(element, "body"));
    this.#marks(element, message);
    this.#personal(element, message);
  }

  /** Whatever can change after a message was first shown. */
  update(element, message) {
    this.#identify(element, message);
    element.classList.toggle("message--sending", message.state === "sending");
    this.#failure(element, message);
    this.#body(element, message);
    fillAttachments(slot(element, "files"), message.attachments ?? []);
    slot(element, "pinned").hidden = !message.pinned;
    fillPreviews(slot(element, "previews"), message.previews ?? []);
    const edited = slot(element, "edited");
    edited.hidden = !message.edited_at || Boolean(message.deleted_at);
    if (message.edited_at) edited.title = `Edited ${this.#client.times.full(Date.parse(message.edited_at))}`;
    if (message.deleted_at) slot(element, "reply").hidden = true;
    this.#marks(element, message);
    this.#personal(element, message);
  }

  #identify(element, { id, client_id: clientId, seq, sender, created_at: at }) {
    element.dataset.sender = sender.id;
    element.dataset.username = sender.username;
    element.dataset.at = at;
    if (clientId) element.dataset.clientId = clientId;
    this.#clock(element, Date.parse(at));
    if (!id) return;
    if (!this.#isRoot) element.id = `message-${id}`;
    element.dataset.message = id;
    if (Number.isFinite(seq)) element.dataset.seq = seq;
    slot(element, "permalink").href = `${this.#roomUrl}${id}/`;
    slot(element, "edited").href = `${this.#roomUrl}${id}/history/`;
  }

  #clock(element, ms) {
    const time = slot(element, "time");
    time.dateTime = new Date(ms).toISOString();
    time.title = this.#client.times.full(ms);
    setText(time, this.#client.times.time(ms));
  }

  #head(element, { sender }) {
    const person = this.#client.urls.person(sender.username);
    const avatar = slot(element, "avatar");
    avatar.textContent = initials(sender.name);
    avatar.classList.remove("avatar--h0");
    avatar.classList.add(`avatar--h${sender.hue}`);
    avatar.href = person;
    const name = slot(element, "name");
    name.textContent = sender.name;
    name.href = person;
    slot(element, "bot").hidden = !sender.is_bot;
  }

  #body(element, message) {
    const body = slot(element, "body");
    const plain = message.html === null || message.html === undefined;
    element.classList.toggle("message--plain", plain && !message.deleted_at);
    element.classList.toggle("message--deleted", Boolean(message.deleted_at));
    if (message.deleted_at) body.replaceChildren(clone("message-deleted-template"));
    else if (plain) setText(body, message.body);
    // The server's own HTML, cleaned when the message was stored; nothing else ever goes in this way.
    else if (this.#html.get(element) !== message.html) {
      body.innerHTML = message.html;
      dress(body);
    }
    foldIfLong(element, message.deleted_at ? "" : plain ? message.body : message.html);
    this.#html.set(element, plain || message.deleted_at ? null : message.html);
  }

  #marks(element, message) {
    drawReactions(element, message, this.#client.me.id);
    if (!this.#isRoot) this.drawThread(element, message);
  }

  /** What differs when somebody reads or replies in the message's thread. */
  drawThread(element, message) {
    const { times, threads } = this.#client;
    drawThread(element, message, { roomUrl: this.#roomUrl, times, unread: threads.of(message.id).unread });
  }

  #failure(element, { state, error }) {
    const failed = state === "failed";
    element.classList.toggle("message--failed", failed);
    const note = slot(element, "failed");
    if (!failed) note?.remove();
    else if (note === null) {
      const fresh = clone("message-failed-template");
      setText(slot(fresh, "reason"), reasonOf(error));
      element.append(fresh);
    }
  }

  #personal(element, { sender, deleted_at: deleted }) {
    const { id } = this.#client.me;
    const mentions = deleted ? [] : [...slot(element, "body").querySelectorAll(".mention")];
    const mine = mentions.filter(({ dataset }) => dataset.user === id || dataset.everybody !== undefined);
    for (const mention of mine) mention.classList.add("mention--me");
    if (sender.id !== id && !this.#moderates()) slot(element, "edited").removeAttribute("href");
    slot(element, "drop-previews").hidden = sender.id !== id && !this.#moderates();
    element.classList.toggle("message--mine", sender.id === id);
    element.classList.toggle("message--mention", mine.length > 0 && sender.id !== id);
  }

  async #reply(element, id) {
    const link = slot(element, "reply");
    link.href = `${this.#roomUrl}${id}/`;
    link.hidden = false;
    const message = await this.#quoted(id);
    const { name, text } = quoteOf(message);
    setText(slot(element, "reply-name"), name);
    setText(slot(element, "reply-text"), text);
  }
}

/** @returns {{name: string, text: string}} a message in one line */
export function quoteOf(message) {
  if (message === undefined || message.deleted_at) return { name: "", text: "a message that was deleted" };
  const said = message.html ? textOf(message.html) : withoutSpoilers(message.body ?? "");
  const words = (said || (message.attachments ?? []).map(({ name }) => name).join(", ")).split(/\s+/u).join(" ").trim();
  const characters = [...words];
  const short = characters.length <= QUOTE_CHARACTERS;
  return { name: message.sender.name, text: short ? words : `${characters.slice(0, QUOTE_CHARACTERS - 1).join("")}…` };
}

function reasonOf(error) {
  const reasons = {
    forbidden: "Not sent: you may not write here.",
    not_found: "Not sent: this room is not there for you any more.",
    too_large: "Not sent: it is too long.",
  };
  return reasons[error?.code] ?? `Not sent: ${error?.detail || "the server refused it"}`;
}
