import { clock as pageClock } from "../lib/clock.js";
import { Emitter } from "../lib/emitter.js";
import { uuid } from "../lib/uuid.js";

const OTHER_TAB_MS = 3_000;

/**
 * A message that the server has not acknowledged yet.
 *
 * @typedef {object} Entry
 * @property {string} id the client's UUID for it: resent unchanged for as long as it takes
 * @property {string} user whose message it is: nobody else who signs in here ever sends it
 * @property {string} room
 * @property {string} body
 * @property {string | null} reply_to
 * @property {string | null} thread the message under which it stands, none for the room itself
 * @property {object[]} attachments files that the server has already
 * @property {number} order milliseconds since 1970, made strictly increasing
 * @property {"sending" | "failed"} state
 * @property {{code: string, detail: string} | null} error why it failed
 */

/**
 * Keeps a person's messages until they are acknowledged, over reloads and in all tabs alike.
 *
 * Emits `added(Entry)`, `changed(Entry)`, `sent(Entry, {message, seq})`, `removed(Entry)`, and `work(room)` when
 * there may be something to send.
 */
export class Outbox extends Emitter {
  #user;
  #store;
  #channel;
  #clock;
  #newId;
  #entries = new Map();
  #departed = new Map();
  #stored = new Map();
  #lastOrder = 0;

  /**
   * @param {object} parts
   * @param {string} parts.user
   * @param {object} parts.store `all(user)`, `get(id)`, `put(entry)`, `delete(id)`, each a promise
   * @param {BroadcastChannel | null} [parts.channel] to this person's other tabs
   */
  constructor({ user, store, channel = null, clock = pageClock, newId = uuid }) {
    super();
    this.#user = user;
    this.#store = store;
    this.#channel = channel;
    this.#clock = clock;
    this.#newId = newId;
    channel?.addEventListener("message", ({ data }) => this.#told(data));
  }

  /** Takes up what earlier pages left behind. */
  async open() {
    for (const entry of await this.#store.all(this.#user)) {
      if (!this.#entries.has(entry.id)) this.#take(entry);
    }
    for (const room of this.rooms()) this.emit("work", room);
  }

  /** @returns {Set<string>} the rooms that have something waiting or failed */
  rooms() {
    return new Set([...this.#entries.values()].map((entry) => entry.room));
  }

  /** @returns {Entry[]} in the order of writing */
  inRoom(room) {
    return [...this.#entries.values()].filter((entry) => entry.room === room).sort((a, b) => a.order - b.order);
  }

  /** @returns {Entry} already announced by `added` when this returns */
  add({ room, body, replyTo = null, thread = null, attachments = [] }) {
    const entry = {
      id: this.#newId(),
      user: this.#user,
      room,
      body,
      reply_to: replyTo,
      thread,
      attachments,
      order: Math.max(this.#lastOrder + 1, this.#clock.now()),
      state: "sending",
      error: null,
    };
    this.#take(entry);
    this.#keep(entry, "added");
    this.emit("work", room);
    return entry;
  }

  /** Try a failed message again. An id that the server knows with other words can never succeed: it gets a new one. */
  retry(id) {
    const entry = this.#entries.get(id);
    if (entry?.state !== "failed") return;
    if (entry.error.code === "conflict") {
      this.discard(id);
      const { room, body, reply_to: replyTo, thread, attachments } = entry;
      this.add({ room, body, replyTo, thread, attachments });
    } else {
      this.#change({ ...entry, state: "sending", error: null });
      this.emit("work", entry.room);
    }
  }

  discard(id) {
    const entry = this.#forget(id);
    if (entry !== undefined) this.#announce("removed", entry);
  }

  /** It has arrived: by its `ok`, or because it was seen in a stream or a page of history. */
  arrived(id, { message, seq }) {
    const entry = this.#forget(id);
    if (entry !== undefined) this.#announce("sent", entry, { message, seq });
  }

  /** The server will not have it. */
  refused(id, { code, detail }) {
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#change({ ...entry, state: "failed", error: { code, detail } });
  }

  /** @returns {Promise<Entry | undefined>} the room's first unsent message that no other tab has dealt with */
  async nextIn(room) {
    for (;;) {
      const entry = this.inRoom(room).find(({ state }) => state === "sending");
      if (entry === undefined) return undefined;
      await this.#stored.get(entry.id);
      if ((await this.#store.get(entry.id)) === undefined) this.#depart(entry);
      else if (this.#entries.get(entry.id) === entry) return entry;
    }
  }

  /** Gone from the store: another tab sent or discarded it, and its word about that is under way. */
  #depart(entry) {
    if (!this.#entries.delete(entry.id)) return;
    this.#departed.set(entry.id, entry);
    this.#clock.setTimeout(() => this.#departed.delete(entry.id) && this.emit("removed", entry), OTHER_TAB_MS);
  }

  #change(entry) {
    this.#entries.set(entry.id, entry);
    this.#keep(entry, "changed");
    this.emit("changed", entry);
  }

  #take(entry) {
    this.#lastOrder = Math.max(this.#lastOrder, entry.order);
    this.#entries.set(entry.id, entry);
    this.emit("added", entry);
  }

  #keep(entry, type) {
    const stored = this.#store.put(entry);
    this.#stored.set(entry.id, stored);
    stored.then(() => this.#channel?.postMessage({ type, entry }));
  }

  #forget(id) {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    this.#entries.delete(id);
    const stored = this.#stored.get(id);
    this.#stored.delete(id);
    Promise.resolve(stored).then(() => this.#store.delete(id));
    return entry;
  }

  #announce(type, entry, answer) {
    this.emit(type, entry, answer);
    this.#channel?.postMessage({ type, entry, answer });
  }

  /** News from another tab of the same person. */
  #told({ type, entry, answer }) {
    if (entry?.user !== this.#user) return;
    const known = this.#entries.has(entry.id);
    if (type === "added" && !known) {
      this.#take(entry);
      // The tab where it was written sends it; this one steps in if that one cannot.
      this.#clock.setTimeout(() => this.emit("work", entry.room), OTHER_TAB_MS);
    } else if (type === "changed" && known) {
      this.#entries.set(entry.id, entry);
      this.emit("changed", entry);
      this.#clock.setTimeout(() => this.emit("work", entry.room), OTHER_TAB_MS);
    } else if (type === "sent" || type === "removed") {
      const gone = this.#entries.delete(entry.id) || this.#departed.delete(entry.id);
      if (gone) this.emit(type, entry, answer);
    }
  }
}
