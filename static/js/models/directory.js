/** The people seen so far, so that a signal that carries only an id can be shown with a name. */
export class Directory {
  #people = new Map();
  #fetch;

  /** @param {(id: string) => Promise<object>} fetch one user over HTTP */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  add(person) {
    if (person?.id) this.#people.set(person.id, person);
  }

  get(id) {
    return this.#people.get(id);
  }

  /** @returns {Promise<object | undefined>} undefined when nobody can tell */
  async find(id) {
    if (!this.#people.has(id)) {
      try {
        this.add(await this.#fetch(id));
      } catch {
        return undefined;
      }
    }
    return this.#people.get(id);
  }
}
