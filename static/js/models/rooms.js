import { Emitter } from "../lib/emitter.js";

/**
 * The rooms of this person, as in `ready.rooms`, kept live.
 *
 * Emits `change()` after any room came, went or changed.
 */
export class Rooms extends Emitter {
  #rooms = new Map();

  /** @returns {object[]} */
  get all() {
    return [...this.#rooms.values()];
  }

  get(id) {
    return this.#rooms.get(id);
  }

  replace(rooms) {
    this.#rooms = new Map(rooms.map((room) => [room.id, room]));
    this.emit("change");
  }

  /** An event of any stream. */
  apply({ type, data }) {
    if (type === "room.added") this.#rooms.set(data.room.id, data.room);
    else if (type === "room.removed") this.#rooms.delete(data.room);
    else if (type === "room.updated" || type === "room.archived") this.#update(data.room);
    else return;
    this.emit("change");
  }

  #update({ id, slug, name, topic, archived, posting, slow_seconds }) {
    const room = this.#rooms.get(id);
    // A direct room bears the other person's name, which differs per viewer.
    if (room !== undefined) this.#rooms.set(id, { ...room, slug, topic, archived, posting, slow_seconds, name: room.peer ? room.name : name });
  }
}
