/** Where rooms, people and messages are found. */
export class Urls {
  #room;
  #person;

  /** @param {{room: string, person: string}} patterns with `{slug}` and `{username}` */
  constructor({ room, person }) {
    this.#room = room;
    this.#person = person;
  }

  /** @param {object} room as in `ready.rooms` */
  room({ slug, peer }) {
    return peer ? this.person(peer.username) : this.#room.replace("{slug}", encodeURIComponent(slug));
  }

  person(username) {
    return this.#person.replace("{username}", encodeURIComponent(username));
  }
}
