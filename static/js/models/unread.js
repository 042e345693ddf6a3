import { Emitter } from "../lib/emitter.js";

/**
 * How much is unread in each room, kept live between the counts that the server sends.
 *
 * Emits `change(room id)`.
 */
export class Unread extends Emitter {
  #me;
  #rooms = new Map();

  /** @param {string} me the reader's user id */
  constructor(me) {
    super();
    this.#me = me;
  }

  /** @returns {number} unread messages in all rooms */
  get total() {
    return this.all.reduce((sum, room) => sum + room.unread, 0);
  }

  /** @returns {{unread: number, mentions: number}[]} */
  get all() {
    return [...this.#rooms.values()];
  }

  has(room) {
    return this.#rooms.has(room);
  }

  /** @returns {{unread: number, mentions: number, readSeq: number}} */
  of(room) {
    return this.#rooms.get(room) ?? { unread: 0, mentions: 0, readSeq: 0 };
  }

  /** Take the server's counts for all rooms: from the page, and from every `ready`. */
  replace(rooms) {
    const gone = new Set(this.#rooms.keys());
    for (const room of rooms) {
      this.put(room);
      gone.delete(room.id);
    }
    for (const id of gone) this.remove(id);
  }

  /** @param {{id: string, seq: number, read_seq: number, unread: number, mentions: number}} room counted at `seq` */
  put({ id, seq, read_seq: readSeq, unread, mentions }) {
    const live = (this.#rooms.get(id)?.live ?? []).filter((message) => message.seq > Math.max(seq, readSeq));
    const named = live.filter(({ mention }) => mention).length;
    this.#rooms.set(id, { readSeq, unread: unread + live.length, mentions: mentions + named, live });
    this.emit("change", id);
  }

  remove(id) {
    if (this.#rooms.delete(id)) this.emit("change", id);
  }

  /** An event of any stream. */
  apply({ type, seq, data }) {
    if (type === "message.posted") this.#posted(data, data.seq ?? seq);
    else if (type === "message.deleted") this.#deleted(data);
    else if (type === "read.moved") this.#moved(data);
    else if (type === "room.added") this.put(data.room);
    else if (type === "room.removed") this.remove(data.room);
  }

  /** This reader has seen everything up to `seq` here; the server will be told. */
  seen(id, seq) {
    const room = this.#rooms.get(id);
    if (room === undefined || seq <= room.readSeq) return;
    room.readSeq = seq;
    room.live = room.live.filter((message) => message.seq > seq);
    room.unread = room.live.length;
    room.mentions = room.live.filter(({ mention }) => mention).length;
    this.emit("change", id);
  }

  #posted({ id, room: roomId, sender, mentions = [], everybody = null, thread }, seq) {
    if (thread) return;
    const room = this.#rooms.get(roomId);
    if (room === undefined || seq <= room.readSeq || sender.id === this.#me) return;
    const mention = mentions.includes(this.#me) || everybody !== null;
    room.live.push({ id, seq, mention });
    room.unread += 1;
    room.mentions += mention ? 1 : 0;
    this.emit("change", roomId);
  }

  #deleted({ id, room: roomId, seq, sender, thread }) {
    if (thread) return;
    const room = this.#rooms.get(roomId);
    if (room === undefined || seq <= room.readSeq || sender === this.#me || room.unread === 0) return;
    const mention = room.live.find((message) => message.id === id)?.mention ?? false;
    room.live = room.live.filter((message) => message.id !== id);
    room.unread -= 1;
    room.mentions -= mention ? 1 : 0;
    this.emit("change", roomId);
  }

  #moved({ room: id, seq, read_seq: readSeq, unread, mentions }) {
    const room = this.#rooms.get(id);
    if (room === undefined) return;
    room.readSeq = readSeq;
    room.live = room.live.filter((message) => message.seq > readSeq);
    // Streams are not ordered among each other: these counts may be older than messages that are here already.
    const since = room.live.filter((message) => message.seq > seq);
    room.unread = unread + since.length;
    room.mentions = mentions + since.filter(({ mention }) => mention).length;
    this.emit("change", id);
  }
}
