import { Emitter } from "../lib/emitter.js";
import { changed, concerned, reacted } from "./message_events.js";

const TAIL_LENGTH = 500;
const HEARD_LENGTH = 1000;

/**
 * The part of a room's history that is held, and how events change it.
 *
 * A message is the wire's own object plus `as_of`: the stream's number up to which it is known, so that a replayed
 * event never undoes a newer state. The loaded part is one gap-free window; `hasOlder` and `hasNewer` say what lies
 * beyond. While newer history is not loaded, live messages wait in the tail.
 *
 * With a `thread` it holds the replies in that thread, without one what stands in the room itself. It hears the whole
 * stream either way.
 *
 * Emits `change()` after anything that shows.
 */
export class Timeline extends Emitter {
  #messages = [];
  #pending = new Map();
  #heard = [];
  #tail = [];
  #tailFrom = 0;
  #position = 0;
  #stale = false;
  hasOlder = false;
  hasNewer = false;
  /** @type {object | null} the message that began the thread */
  root = null;
  #thread;

  /** @param {{thread?: string | null}} [which] */
  constructor({ thread = null } = {}) {
    super();
    this.#thread = thread;
  }

  /** The stream's number up to which this timeline has heard everything. */
  get position() {
    return this.#position;
  }

  /** @returns {readonly object[]} in order of `seq` */
  get messages() {
    return this.#messages;
  }

  /** @returns {object[]} own messages without their event yet, in the order of writing */
  get pending() {
    return [...this.#pending.values()].sort((a, b) => a.order - b.order);
  }

  find(id) {
    return this.root?.id === id ? this.root : this.#messages.find((message) => message.id === id);
  }

  /** Replace everything by one page of history. What was heard since that page was read stays. */
  load({ messages, asOf, hasOlder, hasNewer }) {
    const trusted = this.#stale ? this.#tail : [...this.#messages, ...this.#tail];
    const since = trusted.filter((message) => message.seq > asOf);
    const atEnd = !this.hasNewer && !this.#stale;
    const complete = this.#position <= asOf || atEnd || this.#tailFrom <= asOf + 1;
    this.#stale = false;
    this.#messages = messages.map((message) => this.#current(message, asOf));
    this.#tail = since;
    if (complete) this.#tailFrom = asOf + 1;
    this.#position = Math.max(this.#position, asOf);
    this.hasOlder = hasOlder;
    this.hasNewer = hasNewer;
    this.#joinTail(asOf);
    this.#dropArrived();
    this.emit("change");
  }

  /** The stream starts anew at `seq`: what is held only stays on the screen until a page replaces it. */
  restart(seq) {
    this.#stale = true;
    this.#heard = [];
    this.#tail = [];
    this.#tailFrom = seq + 1;
    this.#position = seq;
  }

  /** A page that ends before the first held message. */
  addOlder({ messages, asOf, hasOlder }) {
    this.#merge(messages, asOf);
    this.hasOlder = hasOlder;
    this.emit("change");
  }

  /** A page that begins after the last held message. */
  addNewer({ messages, asOf, hasNewer }) {
    this.#merge(messages, asOf);
    this.hasNewer = hasNewer;
    if (!hasNewer) this.#joinTail(asOf);
    this.emit("change");
  }

  /** Let go of messages far from what is being read. @param {number} count */
  dropOldest(count) {
    this.#messages = this.#messages.slice(count);
    this.hasOlder = true;
    this.emit("change");
  }

  /** @param {number} count */
  dropNewest(count) {
    const dropped = this.#messages.slice(-count);
    this.#messages = this.#messages.slice(0, -count);
    if (!this.hasNewer) {
      this.#tail = [];
      this.#tailFrom = this.#position + 1;
    }
    this.hasNewer = this.hasNewer || dropped.length > 0;
    this.emit("change");
  }

  /**
   * @param {object} event a frame of this room's stream
   * @returns {boolean} false when events are missing before it: the room must be loaded again
   */
  apply(frame) {
    const { seq, type, data } = frame;
    if (seq <= this.#position) return true;
    if (seq > this.#position + 1) return false;
    this.#position = seq;
    const ours = type === "message.posted" && (data.thread ?? null) === this.#thread;
    if (ours) this.#posted({ ...data, seq: data.seq ?? seq, as_of: seq });
    const ids = concerned(frame);
    if (ids.length > 0) this.#change(frame, ids);
    if (ours || ids.length > 0) this.emit("change");
    return true;
  }

  /** Somebody reacts, as the server is being told: shown before it has answered. */
  react(id, emoji, user, on) {
    this.#map((message) => (message.id === id ? reacted(message, emoji, user, on) : message));
    this.emit("change");
  }

  /** An own message on its way: shown at the end until its event takes its place. */
  addPending(entry) {
    if (this.#messages.some((message) => message.client_id === entry.id)) return;
    this.#pending.set(entry.id, entry);
    this.emit("change");
  }

  /** Acknowledged: its event is on the way, unless it has been here already. */
  pendingSent(id, { message, seq }) {
    const entry = this.#pending.get(id);
    if (entry === undefined) return;
    if (seq <= this.#position) this.#pending.delete(id);
    else this.#pending.set(id, { ...entry, state: "sent", message, seq });
    this.emit("change");
  }

  removePending(id) {
    if (this.#pending.delete(id)) this.emit("change");
  }

  #posted(message) {
    this.#pending.delete(message.client_id);
    if (!this.hasNewer && !this.#stale) {
      this.#messages = [...this.#messages, message];
      return;
    }
    this.#tail.push(message);
    if (this.#tail.length > TAIL_LENGTH) this.#tailFrom = this.#tail.shift().seq + 1;
  }

  #change(frame, ids) {
    this.#heard.push(frame);
    if (this.#heard.length > HEARD_LENGTH) this.#heard.shift();
    this.#map((message) => (ids.includes(message.id) && message.as_of < frame.seq ? changed(message, frame) : message));
  }

  #map(change) {
    this.#messages = this.#messages.map(change);
    this.#tail = this.#tail.map(change);
    if (this.root !== null) this.root = change(this.root);
  }

  /** A message of a page, with what was heard about it since the page was read. */
  #current(message, asOf) {
    const since = this.#heard.filter((frame) => frame.seq > asOf && concerned(frame).includes(message.id));
    return since.reduce(changed, { ...message, as_of: asOf });
  }

  #merge(messages, asOf) {
    const bySeq = new Map(this.#messages.map((message) => [message.seq, message]));
    for (const message of messages) {
      const held = bySeq.get(message.seq);
      if (held === undefined || held.as_of < asOf) bySeq.set(message.seq, this.#current(message, asOf));
    }
    this.#messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    this.#dropArrived();
  }

  /** The page reached the newest message as of `asOf`: what came since then lies in the tail, if it reaches back. */
  #joinTail(asOf) {
    if (this.hasNewer) return;
    if (asOf + 1 < this.#tailFrom) {
      this.hasNewer = true;
      return;
    }
    const last = this.#messages.at(-1)?.seq ?? 0;
    this.#messages = [...this.#messages, ...this.#tail.filter((message) => message.seq > last)];
    this.#tail = [];
  }

  #dropArrived() {
    for (const { client_id: id } of this.#messages) this.#pending.delete(id);
    if (this.hasNewer) return;
    for (const { id, seq } of this.pending) if (seq <= this.#position) this.#pending.delete(id);
  }
}
