import { Emitter } from "../lib/emitter.js";

/**
 * Where this client is in every stream, and what it is told: each event once, in order.
 *
 * Only streams that are *followed* are resumed from their cursor (the own one, the rooms on the page); the others
 * start at their head, since `ready` carries their counts.
 *
 * Emits `event(frame)`, `signal(frame)`, `reset(stream, seq)`, `lost(stream)`, `skipped()` when there were events in some
 * stream that are not told any more, and `ready(frame)`.
 */
export class Session extends Emitter {
  #cursors = new Map();
  /** Where streams were that are not resumed. */
  #left = new Map();
  #followed = new Map();
  #epoch;

  /** @param {{epoch?: string | null}} start the epoch of the page's snapshot */
  constructor({ epoch = null } = {}) {
    super();
    this.#epoch = epoch;
  }

  get epoch() {
    return this.#epoch;
  }

  cursor(stream) {
    return this.#cursors.get(stream);
  }

  /** Follow a stream whose snapshot holds everything up to `seq`. A cursor that is further on stays. */
  follow(stream, seq) {
    this.#followed.set(stream, (this.#followed.get(stream) ?? 0) + 1);
    if (seq !== undefined && !this.#cursors.has(stream)) this.#cursors.set(stream, seq);
  }

  /** As often as it was followed. */
  unfollow(stream) {
    const left = (this.#followed.get(stream) ?? 0) - 1;
    if (left > 0) this.#followed.set(stream, left);
    else this.#followed.delete(stream);
  }

  /** The fields of the `resume` command. Cursors of another epoch are sent too: each is answered by a `reset`. */
  resumeFields() {
    if (this.#epoch === null) return {};
    // A stream that starts at its head may be far ahead of an old cursor, which would look like a gap.
    for (const [stream, seq] of [...this.#cursors]) {
      if (this.#followed.has(stream)) continue;
      this.#cursors.delete(stream);
      this.#left.set(stream, seq);
    }
    const cursors = Object.fromEntries(this.#cursors);
    return { epoch: this.#epoch, cursors };
  }

  /**
   * @param {object} frame `event`, `signal`, `reset` or `ready`; any other op is ignored
   * @returns {boolean} false when an event is missing before this one: the caller must resume again
   */
  receive(frame) {
    switch (frame.op) {
      case "event":
        return this.#event(frame);
      case "signal":
        this.emit("signal", frame);
        return true;
      case "reset":
        this.#cursors.set(frame.stream, frame.seq);
        this.emit("reset", frame.stream, frame.seq);
        this.emit("skipped");
        return true;
      case "ready":
        this.#ready(frame);
        return true;
      default:
        return true;
    }
  }

  #event(frame) {
    const cursor = this.#cursors.get(frame.stream);
    if (cursor !== undefined && frame.seq <= cursor) return true;
    if (cursor !== undefined && frame.seq > cursor + 1) return false;
    this.#cursors.set(frame.stream, frame.seq);
    if (frame.type === "room.added") this.#added(frame.data.room);
    if (frame.type === "room.removed") this.#removed(`room:${frame.data.room}`);
    this.emit("event", frame);
    return true;
  }

  #added(room) {
    this.#cursors.set(`room:${room.id}`, room.seq);
  }

  #removed(stream) {
    this.#cursors.delete(stream);
    this.#followed.delete(stream);
    this.emit("lost", stream);
  }

  #ready(frame) {
    const epochChanged = this.#epoch !== null && this.#epoch !== frame.epoch;
    this.#epoch = frame.epoch;
    const streams = new Map(Object.entries(frame.streams ?? {}));
    for (const stream of [...this.#followed.keys()]) if (!streams.has(stream)) this.#removed(stream);
    for (const stream of [...this.#cursors.keys()]) if (!streams.has(stream)) this.#cursors.delete(stream);
    const skipped = [...streams].some(([stream, seq]) => (this.#left.get(stream) ?? this.#cursors.get(stream)) !== seq);
    this.#left.clear();
    for (const [stream, seq] of streams) {
      const before = this.#cursors.get(stream);
      this.#cursors.set(stream, seq);
      const behind = before !== undefined && before < seq;
      if (this.#followed.has(stream) && (behind || (epochChanged && before !== seq))) this.emit("reset", stream, seq);
    }
    if (skipped || epochChanged) this.emit("skipped");
    this.emit("ready", frame);
  }
}
