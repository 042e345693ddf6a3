import { Refusal } from "./refusal.js";

const ANSWER_MS = 20_000;

/** Commands that wait for their one `ok` or `error`, by `ref`. */
export class Requests {
  #clock;
  #waiting = new Map();
  #lastRef = 0;
  #patient = [];

  constructor({ clock }) {
    this.#clock = clock;
  }

  /** @returns {{ref: string, answer: Promise<object>}} rejects with Refusal */
  open() {
    this.#lastRef += 1;
    const ref = String(this.#lastRef);
    const answer = new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => this.#settle(ref)?.reject(new Refusal({ code: "timeout" })), ANSWER_MS);
      this.#waiting.set(ref, { resolve, reject, timer });
    });
    return { ref, answer };
  }

  /** @param {object} frame an `ok` or `error`; one that nobody waits for is ignored */
  answered(frame) {
    const request = this.#settle(frame.ref);
    if (frame.op === "ok") request?.resolve(frame);
    else request?.reject(new Refusal(frame));
  }

  /** @returns {Promise<void>} resolves when nobody waits for an answer */
  idle() {
    return this.#waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#patient.push(resolve));
  }

  /** The connection is gone: no answer will come. */
  abandon() {
    for (const ref of [...this.#waiting.keys()]) this.#settle(ref).reject(new Refusal({ code: "disconnected" }));
  }

  #settle(ref) {
    const request = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    this.#clock.clearTimeout(request?.timer);
    if (this.#waiting.size === 0) for (const resolve of this.#patient.splice(0)) resolve();
    return request;
  }
}
