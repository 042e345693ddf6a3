import { slot } from "../lib/dom.js";
import { Divider } from "../models/divider.js";
import { buildRows } from "../models/rows.js";
import { DrawSchedule } from "./draw_schedule.js";
import { unfold } from "./folding.js";
import { MessageFiller } from "./message_filler.js";
import { readMessages } from "./message_reader.js";
import { RowList } from "./row_list.js";
import { Scroller } from "./scroller.js";
import { View } from "./view.js";

const NEAR_PX = 800;
const DIVIDER_TOP_PX = 72;

/** The messages: drawn from the conversation, kept still under the reader's eyes, loaded on as they scroll. */
export class TimelineView extends View {
  #client;
  #conversation;
  #room;
  #list;
  #rows;
  #filler;
  #scroller;
  #divider;
  #drawing = new DrawSchedule(() => this.#draw());

  /**
   * @param {HTMLElement} element
   * @param {object} room the view of the room or thread: `client`, `conversation`, `place`
   */
  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#client = room.client;
    this.#conversation = room.conversation;
    const { unread } = room.place;
    this.#divider = new Divider({ me: this.#client.me.id, after: unread > 0 ? room.readSeq : null });
    this.#list = slot(element, "list");
    const quoted = (id) => this.find(id);
    const moderates = () => room.moderates;
    this.#filler = new MessageFiller({ client: this.#client, roomUrl: room.url, quoted, moderates });
    this.#rows = new RowList({ list: this.#list, filler: this.#filler, times: this.#client.times });
    const rows = () => this.#list.querySelectorAll(":scope > .message");
    this.#scroller = new Scroller(element, rows, () => !this.#conversation.timeline.hasNewer);
  }

  /** What the server rendered. @returns {Page} */
  page(asOf) {
    const { hasBefore, hasAfter } = this.element.dataset;
    const messages = readMessages(this.#list);
    return { messages, asOf, hasOlder: hasBefore === "true", hasNewer: hasAfter === "true" };
  }

  /** @param {{focus: string | null, place: object | null}} where to begin reading */
  async start({ focus, place }) {
    this.#rows.adopt(this.#build(), this.#client.zoneIsNews);
    this.#drawing.now();
    this.#wire();
    await this.#begin(focus, place);
    this.element.classList.add("timeline--ready");
    this.#settled();
  }

  get atEnd() {
    return this.#scroller.pinned && !this.#conversation.timeline.hasNewer;
  }

  /** Where the reader is, to come back to. @returns {{seq: number, offset: number} | null} null at the end */
  get place() {
    if (this.atEnd) return null;
    const anchor = this.#scroller.anchor();
    const seq = Number(anchor?.row.dataset.seq ?? NaN);
    return Number.isNaN(seq) ? null : { seq, offset: Math.round(anchor.offset) };
  }

  /** @returns {Promise<void>} */
  async toNewest() {
    await this.#conversation.showNewest();
    this.#drawing.now();
    this.#scroller.toBottom();
    this.#settled();
  }

  /** Show one message, wherever in history it is. @returns {Promise<boolean>} */
  async toMessage(id) {
    let message = this.#conversation.timeline.find(id);
    if (message === undefined) {
      message = await this.#fetch(id);
      if (message === undefined) return false;
      await this.#conversation.showAround(message.seq);
      this.#drawing.now();
    }
    const element = this.elementOf(id);
    if (element === null) return false;
    for (const other of this.#list.querySelectorAll(".message--target")) other.classList.remove("message--target");
    unfold(element);
    this.#scroller.center(element);
    element.classList.add("message--target");
    element.focus({ preventScroll: true });
    this.#settled();
    return true;
  }

  /** A message of this room, held or fetched. @returns {Promise<object | undefined>} */
  async find(id) {
    return this.#conversation.timeline.find(id) ?? this.#fetch(id);
  }

  /** Change the height of one message under the reader's eyes, see `Scroller.hold`. */
  hold(element, change, least) {
    this.#scroller.hold(element, change, least);
    this.#settled();
  }

  elementOf(id) {
    return this.element.querySelector(`.message[data-message="${CSS.escape(id)}"]`);
  }

  /** @param {HTMLElement} element inside a message @returns {object | undefined} its message or pending entry */
  messageAt(element) {
    const row = element.closest(".message");
    if (row === null) return undefined;
    const { message, clientId } = row.dataset;
    const { timeline } = this.#conversation;
    return (message && timeline.find(message)) || timeline.pending.find(({ id }) => id === clientId);
  }

  /** The divider moves to before this message. */
  markNewFrom(seq) {
    this.#divider.putBefore(seq);
    this.#drawing.soon();
  }

  #build() {
    const { messages, pending, hasOlder, hasNewer } = this.#conversation.timeline;
    const { me, times } = this.#client;
    const dayOf = (ms) => times.day(ms);
    return buildRows({ messages, pending, me, newAfter: this.#divider.after, hasOlder, hasNewer, dayOf });
  }

  #wire() {
    const { element } = this;
    this.listen(element, "scroll", () => this.#scrolled(), { passive: true });
    const resized = new ResizeObserver(() => this.#scroller.pinned && this.#scroller.toBottom());
    resized.observe(element);
    resized.observe(this.#list);
    this.#conversation.reading = () => this.place?.seq ?? null;
    this.own(
      () => resized.disconnect(),
      () => this.#drawing.cancel(),
      this.#conversation.on("change", () => this.#drawing.soon()),
      this.#conversation.on("posted", (message) => this.#posted(message)),
      this.#client.threads.on("change", (id) => this.#threadChanged(id)),
    );
  }

  async #begin(focus, place) {
    const focused = focus === null ? null : this.elementOf(focus);
    if (place !== null) await this.#restore(place);
    else if (focused !== null) this.#scroller.center(focused);
    else this.#toFirstNew();
  }

  async #restore({ seq, offset }) {
    const at = () => this.#list.querySelector(`[data-seq="${seq}"]`);
    if (at() === null) {
      await this.#conversation.showAround(seq);
      this.#drawing.now();
    }
    if (at() === null) this.#scroller.toBottom();
    else this.#scroller.place(at(), offset);
  }

  /** To the bottom, unless that would hide where the new messages begin. */
  #toFirstNew() {
    this.#scroller.toBottom();
    const divider = this.#rows.elementOf("new");
    if (!divider) return;
    const above = this.element.getBoundingClientRect().top - divider.getBoundingClientRect().top;
    if (above > 0) this.#scroller.place(divider, DIVIDER_TOP_PX);
  }

  #draw() {
    const { hasOlder } = this.#conversation.timeline;
    this.#scroller.keep(() => this.#rows.render(this.#build(), !hasOlder));
    this.#room.drawn();
    this.#settled();
  }

  #scrolled() {
    this.#scroller.moved();
    this.#settled();
  }

  /** After anything moved: load on near the edges, and take note of what has been seen. */
  #settled() {
    if (!this.element.classList.contains("timeline--ready")) return;
    if (this.#scroller.above < NEAR_PX) this.#conversation.loadOlder();
    if (this.#scroller.below < NEAR_PX) this.#conversation.loadNewer();
    if (this.atEnd) this.#conversation.trim();
    else this.#conversation.trimBelow(this.place?.seq ?? Infinity);
    const { messages } = this.#conversation.timeline;
    if (this.atEnd && messages.length > 0) this.#room.atBottom(messages.at(-1).seq);
    else this.#room.away();
    this.#room.scrolled({ atEnd: this.atEnd });
  }

  #posted(message) {
    const { timeline } = this.#conversation;
    const { readSeq } = this.#room.place;
    const watched = this.#room.attention.attentive && this.atEnd;
    this.#divider.posted(message, { watched, readSeq, messages: timeline.messages });
  }

  #threadChanged(id) {
    const message = this.#conversation.timeline.find(id);
    const element = this.elementOf(id);
    if (message !== undefined && element !== null && id !== this.#conversation.thread) {
      this.#filler.drawThread(element, message);
    }
  }

  async #fetch(id) {
    try {
      return await this.#client.api.get(`messages/${id}/`);
    } catch (error) {
      if (error.status === undefined) throw error;
      return undefined;
    }
  }
}
