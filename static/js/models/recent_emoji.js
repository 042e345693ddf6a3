const REMEMBERED = 60;
const AT_FIRST = ["👍", "❤️", "😂", "🎉", "👀", "🙏", "✅", "🔥"];

/** Which emoji somebody uses, on this device: those used most of late come first. */
export class RecentEmoji {
  #storage;
  #key;

  /** @param {{storage: Storage, user: string}} parts */
  constructor({ storage, user }) {
    this.#storage = storage;
    this.#key = `parley:emoji:${user}`;
  }

  used(emoji) {
    const uses = [emoji, ...this.#uses()].slice(0, REMEMBERED);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(uses));
    } catch {
      // A full or forbidden storage forgets; choosing goes on.
    }
  }

  /** @returns {string[]} at most `most`, filled up with what people like */
  top(most) {
    const uses = this.#uses();
    const times = new Map();
    for (const emoji of uses) times.set(emoji, (times.get(emoji) ?? 0) + 1);
    const ranked = [...times.keys()].sort((a, b) => times.get(b) - times.get(a));
    return [...new Set([...ranked, ...AT_FIRST])].slice(0, most);
  }

  #uses() {
    try {
      const uses = JSON.parse(this.#storage.getItem(this.#key)) ?? [];
      return Array.isArray(uses) ? uses.filter((each) => typeof each === "string") : [];
    } catch {
      return [];
    }
  }
}
