import { Emitter } from "../lib/emitter.js";

/**
 * How many notifications are unread, kept live between the counts that the server sends.
 *
 * Emits `change()`, `created(notification)` and `read(ids | null)`: null for all.
 */
export class Notifications extends Emitter {
  #seq = 0;
  #unread = 0;
  #events = [];

  get unread() {
    return this.#unread;
  }

  /** The server's count, from the page and from every `ready`. @param {{seq: number, unread: number}} counted */
  replace({ seq, unread }) {
    if (seq < this.#seq) return;
    this.#seq = seq;
    this.#unread = unread;
    // Streams come by another way than `ready`: what it could not count yet is counted here.
    this.#events = this.#events.filter((event) => event.seq > seq);
    for (const event of this.#events) this.#count(event);
    this.emit("change");
  }

  /** An event of one's own stream. */
  apply(frame) {
    const { type, seq, data } = frame;
    if (type !== "notification.created" && type !== "notification.read") return;
    if (seq > this.#seq) {
      this.#events.push(frame);
      this.#count(frame);
      this.emit("change");
    }
    if (type === "notification.created") this.emit("created", data);
    else this.emit("read", data.notifications);
  }

  #count({ type, data }) {
    if (type === "notification.created") this.#unread += 1;
    else this.#unread = data.notifications === null ? 0 : Math.max(0, this.#unread - data.notifications.length);
  }
}
