/** Listeners by event name. One that throws does not keep the others from hearing. */
export class Emitter {
  #listeners = new Map();

  /**
   * @param {string} name
   * @param {(...details: any[]) => void} listener
   * @returns {() => void} stops listening
   */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.#listeners.get(name)?.delete(listener);
  }

  emit(name, ...details) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...details);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
