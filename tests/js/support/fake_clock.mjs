/** A clock whose hands the test turns. */
export class FakeClock {
  #now = Date.parse("2026-11-22T17:00:00.000Z");
  #timers = new Map();
  #last = 0;

  now() {
    return this.#now;
  }

  setTimeout(callback, ms) {
    this.#last += 1;
    this.#timers.set(this.#last, { callback, at: this.#now + Math.max(0, ms) });
    return this.#last;
  }

  clearTimeout(timer) {
    this.#timers.delete(timer);
  }

  /** Turns the hands, firing every timer at its own time; lets promises settle in between. */
  async pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].callback();
    }
    this.#now = end;
    await settled();
  }

  /** The machine sleeps: time goes by, timers fire late, all at waking. */
  async sleep(ms) {
    this.#now += ms;
    await this.pass(0);
  }
}

/** Lets every promise that can settle do so. */
export async function settled() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
