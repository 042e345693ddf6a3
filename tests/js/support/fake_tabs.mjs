/** Stands for `navigator.locks`: one holder of a name at a time, first come first served. */
export class FakeLocks {
  #tails = new Map();

  request(name, { signal }, work) {
    const before = this.#tails.get(name) ?? Promise.resolve();
    const granted = new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("gave up", "AbortError")));
      before.then(resolve);
    });
    const done = granted.then(() => work());
    this.#tails.set(name, Promise.allSettled([before, done]));
    return done;
  }
}

/** Stands for `navigator.locks` where a lock is taken only if it is free. */
export class FreeLocks {
  #held = new Set();

  async request(name, { ifAvailable }, work) {
    if (!ifAvailable) throw new Error("this one waits for nobody");
    if (this.#held.has(name)) return work(null);
    this.#held.add(name);
    try {
      return await work({ name });
    } finally {
      this.#held.delete(name);
    }
  }
}

/** Stands for `BroadcastChannel`: every other channel of the same hub hears. */
export class FakeChannelHub {
  #channels = [];

  channel() {
    const channel = new EventTarget();
    channel.postMessage = (data) => {
      for (const other of this.#channels) {
        if (other === channel) continue;
        queueMicrotask(() => other.dispatchEvent(Object.assign(new Event("message"), { data: structuredClone(data) })));
      }
    };
    this.#channels.push(channel);
    return channel;
  }
}
