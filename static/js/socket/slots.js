/** A browser makes six connections to a server by HTTP/1.1, for all tabs together. Pages and commands want some. */
const MOST = 4;

/** The connections that tabs keep for themselves. Without Web Locks nobody counts them. */
export class Slots {
  #locks;
  #name;

  /** @param {{locks: LockManager | null, name: string}} parts `name` is shared by the tabs */
  constructor({ locks, name }) {
    this.#locks = locks;
    this.#name = name;
  }

  /** @returns {Promise<(() => void) | null>} gives the slot back; null when there is none now */
  async take() {
    if (this.#locks === null) return () => {};
    for (let number = 0; number < MOST; number += 1) {
      const release = await this.#try(`${this.#name}:${number}`);
      if (release !== null) return release;
    }
    return null;
  }

  #try(name) {
    return new Promise((resolve, reject) => {
      const held = (lock) => (lock === null ? resolve(null) : new Promise((release) => resolve(release)));
      this.#locks.request(name, { ifAvailable: true }, held).catch(reject);
    });
  }
}
