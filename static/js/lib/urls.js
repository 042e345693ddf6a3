/** Where rooms, people and messages are found. */
export class Urls {
  #room;
  #person;
  #search;

  /** @param {{room: string, person: string, search: string}} patterns with `{slug}` and `{username}` */
  constructor({ room, person, search }) {
    this.#search = search;
    this.#room = room;
    this.#person = person;
  }

  /** @param {object} room as in `ready.rooms` */
  room({ slug, peer }) {
    return peer ? this.person(peer.username) : this.#room.replace("{slug}", encodeURIComponent(slug));
  }

  /** Where something was said, or the room. @param {{message: string | null, thread: string | null}} what */
  message(room, { message, thread }) {
    if (message === null) return this.room(room);
    return this.room(room) + (thread === null ? `${message}/` : `${thread}/thread/`);
  }

  search(query = "") {
    return query === "" ? this.#search : `${this.#search}?${new URLSearchParams({ q: query })}`;
  }

  person(username) {
    return this.#person.replace("{username}", encodeURIComponent(username));
  }
}
