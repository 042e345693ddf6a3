import { Emitter } from "../lib/emitter.js";
import { Timeline } from "./timeline.js";

const MOST_HELD = 400;
const KEPT = 250;

/**
 * One room, or one thread of it, as it is being read: its timeline, fed by the stream, the outbox and pages of history.
 *
 * Emits `change()` when what shows has changed, `loading(side, busy)` and `failed(side)` with side `before`, `after`
 * or `all`, `posted(message)` for each live message here, `event(frame)` for every event of the stream, and `moved()` when
 * the timeline was replaced by another part of history.
 */
export class Conversation extends Emitter {
  room;
  thread;
  stream;
  timeline;
  /** @type {() => number | null} the number of the message being read, null at the end of history */
  reading = () => null;
  #history;
  #session;
  #outbox;
  #loads = new Map();
  #offs = [];

  /**
   * @param {object} parts
   * @param {string} parts.room
   * @param {string | null} [parts.thread]
   * @param {History} parts.history
   * @param {Session} parts.session
   * @param {Outbox} parts.outbox
   */
  constructor({ room, thread = null, history, session, outbox }) {
    super();
    this.room = room;
    this.thread = thread;
    this.timeline = new Timeline({ thread });
    this.stream = `room:${room}`;
    this.#history = history;
    this.#session = session;
    this.#outbox = outbox;
  }

  /**
   * @param {object} start
   * @param {Page} start.page what the server rendered
   * @param {boolean} start.live whether this person is a member, so that the stream comes here
   * @param {object[]} start.missed events that came between the page's snapshot and now
   */
  start({ page, live, missed = [] }) {
    this.timeline.load(page);
    this.#offs = [this.timeline.on("change", () => this.emit("change"))];
    if (!live) return;
    this.#session.follow(this.stream, page.asOf);
    this.#offs.push(
      this.#session.on("event", (frame) => frame.stream === this.stream && this.#event(frame)),
      this.#session.on("reset", (stream, seq) => stream === this.stream && this.#reset(seq)),
      this.#session.on("ready", () => this.retry()),
      this.#outbox.on("added", (entry) => this.#mine(entry) && this.timeline.addPending(entry)),
      this.#outbox.on("changed", (entry) => this.#mine(entry) && this.timeline.addPending(entry)),
      this.#outbox.on("sent", (entry, answer) => this.#mine(entry) && this.timeline.pendingSent(entry.id, answer)),
      this.#outbox.on("removed", (entry) => this.#mine(entry) && this.timeline.removePending(entry.id)),
    );
    for (const entry of this.#outbox.inRoom(this.room)) if (this.#mine(entry)) this.timeline.addPending(entry);
    this.#arrived(page.messages);
    for (const frame of missed) this.#event(frame);
  }

  end() {
    for (const off of this.#offs) off();
    this.#loads.clear();
    this.#session.unfollow(this.stream);
  }

  loadOlder() {
    const first = this.timeline.messages[0];
    if (!this.timeline.hasOlder || first === undefined) return Promise.resolve();
    return this.#load("before", () => this.#history.before(first), (page) => {
      this.timeline.addOlder(page);
      if (this.timeline.messages.length > MOST_HELD) this.timeline.dropNewest(this.timeline.messages.length - KEPT);
    });
  }

  loadNewer() {
    const last = this.timeline.messages.at(-1);
    if (!this.timeline.hasNewer || last === undefined) return Promise.resolve();
    return this.#load("after", () => this.#history.after(last), (page) => {
      this.timeline.addNewer(page);
      this.trim();
    });
  }

  /** Show the end of history. */
  showNewest() {
    if (!this.timeline.hasNewer) return Promise.resolve();
    return this.#replace(() => this.#history.newest());
  }

  /** Show the part of history around a message's number. */
  showAround(seq) {
    return this.#replace(() => this.#history.around(seq));
  }

  /** Once more what failed: by hand, and when the connection is back. */
  retry() {
    for (const [side, { failed, again }] of [...this.#loads]) {
      if (!failed) continue;
      this.#loads.delete(side);
      again();
    }
  }

  /** At the end of history, let go of what has scrolled far away. */
  trim() {
    if (this.timeline.messages.length > MOST_HELD) this.timeline.dropOldest(this.timeline.messages.length - KEPT);
  }

  /** Further up, let go of what has piled up far below the message that is being read. */
  trimBelow(seq) {
    const { messages } = this.timeline;
    if (messages.length <= MOST_HELD) return;
    const keep = messages.findIndex((message) => message.seq >= seq) + KEPT;
    if (keep < messages.length) this.timeline.dropNewest(messages.length - keep);
  }

  #mine(entry) {
    return entry.room === this.room && (entry.thread ?? null) === this.thread;
  }

  #event(frame) {
    const before = this.timeline.position;
    if (!this.timeline.apply(frame)) {
      this.#reset(frame.seq);
      return;
    }
    if (this.timeline.position === before) return;
    this.emit("event", frame);
    const ours = frame.type === "message.posted" && (frame.data.thread ?? null) === this.thread;
    if (ours) this.emit("posted", frame.data);
  }

  #reset(seq) {
    const reading = this.reading();
    this.timeline.restart(seq);
    this.#replace(() => (reading === null ? this.#history.newest() : this.#history.around(reading)));
  }

  #replace(fetch) {
    return this.#load("all", fetch, (page) => {
      this.timeline.load(page);
      this.emit("moved");
    });
  }

  /** One load per side at a time; a replaced timeline makes pages that were asked for before it worthless. */
  async #load(side, fetch, take) {
    if (side !== "all" && (this.#loads.has(side) || this.#loads.has("all"))) return;
    const ticket = Symbol(side);
    if (side === "all") this.#loads.clear();
    this.#loads.set(side, ticket);
    this.emit("loading", side, true);
    try {
      const page = await fetch();
      if (this.#loads.get(side) !== ticket) return;
      this.#arrived(page.messages);
      take(page);
      this.#loads.delete(side);
    } catch (error) {
      if (error.status === undefined) throw error;
      if (this.#loads.get(side) !== ticket) return;
      this.#loads.set(side, { failed: true, again: () => this.#load(side, fetch, take) });
      this.emit("failed", side);
    } finally {
      this.emit("loading", side, false);
    }
  }

  #arrived(messages) {
    for (const { client_id: id, id: message, seq } of messages) if (id) this.#outbox.arrived(id, { message, seq });
  }
}
