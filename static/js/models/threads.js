import { Unread } from "./unread.js";

/**
 * What is unread in the threads that this person follows, by the id of the message that began each.
 *
 * The server tells of those with unread replies once; others become known by the first reply whose event lists them.
 */
export class ThreadUnread extends Unread {
  #me;

  /** @param {string} me the reader's user id */
  constructor(me) {
    super(me);
    this.#me = me;
  }

  /** @returns {number} how many threads have something unread */
  get waiting() {
    return this.all.filter(({ unread }) => unread > 0).length;
  }

  /** @param {object[]} threads as `GET threads/` lists them */
  replace(threads) {
    super.replace(threads.map(({ root, ...place }) => ({ id: root.id, ...place })));
  }

  apply({ type, seq, data }) {
    if (type === "thread.updated") this.#updated(data);
    if (!data.thread) return;
    // A thread counts as a room does, under its own name.
    const { thread, ...rest } = data;
    if (type === "message.posted") this.#meet(thread, data.seq ?? seq, data);
    if (type.startsWith("message.")) super.apply({ type, seq, data: { ...rest, room: thread } });
  }

  /** Who replies has read the thread. */
  #meet(thread, seq, { followers = [], sender }) {
    if (!followers.includes(this.#me)) return;
    if (this.has(thread)) {
      if (sender.id === this.#me) this.seen(thread, seq);
      return;
    }
    const before = sender.id === this.#me ? seq : seq - 1;
    this.put({ id: thread, seq: before, read_seq: before, unread: 0, mentions: 0 });
  }

  #updated({ thread, following, ...place }) {
    if (!following) this.remove(thread);
    else if (this.has(thread)) super.apply({ type: "read.moved", data: { ...place, room: thread } });
    else this.put({ id: thread, ...place });
  }
}
