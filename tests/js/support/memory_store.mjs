/** What IndexedDB is to the tabs of one browser. */
export class MemoryStore {
  entries = new Map();

  async all(user) {
    return [...this.entries.values()].filter((entry) => entry.user === user).sort((a, b) => a.order - b.order);
  }

  async get(id) {
    return this.entries.get(id);
  }

  async put(entry) {
    this.entries.set(entry.id, structuredClone(entry));
  }

  async delete(id) {
    this.entries.delete(id);
  }
}
