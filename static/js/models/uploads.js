import { clock as pageClock } from "../lib/clock.js";
import { Emitter } from "../lib/emitter.js";
import { uuid } from "../lib/uuid.js";

export const MOST_FILES = 10;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * @typedef {object} Item
 * @property {string} id the client's UUID for it, the same in each try
 * @property {File} file
 * @property {"sending" | "waiting" | "done" | "failed"} state `waiting`: cut, and begun again in a moment
 * @property {number} progress from 0 to 1
 * @property {object | null} attachment what the server made of it
 * @property {string} error why it failed
 */

/** The files of a message that is being written: one is sent at a time. Emits `change()`. */
export class Uploads extends Emitter {
  /** Whether the message is to be sent as soon as they are there. */
  awaited = false;
  #api;
  #clock;
  #newId;
  #items = [];
  #current = null;
  #failures = 0;

  /** @param {{api: {upload: Function, delete: Function}}} parts */
  constructor({ api, clock = pageClock, newId = uuid }) {
    super();
    this.#api = api;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** @returns {readonly Item[]} */
  get items() {
    return this.#items;
  }

  get busy() {
    return this.#items.some(({ state }) => state === "sending" || state === "waiting");
  }

  get failed() {
    return this.#items.some(({ state }) => state === "failed");
  }

  /** @param {Iterable<File>} files @returns {number} how many were too many */
  add(files) {
    const all = [...files];
    const taken = all.slice(0, Math.max(0, MOST_FILES - this.#items.length));
    for (const file of taken) {
      this.#items.push({ id: this.#newId(), file, state: "sending", progress: 0, attachment: null, error: "" });
    }
    this.emit("change");
    this.#next();
    return all.length - taken.length;
  }

  /** Takes one out: stops it, or discards what has arrived. */
  remove(id) {
    const item = this.#items.find((each) => each.id === id);
    if (item === undefined) return;
    this.#items = this.#items.filter((each) => each !== item);
    if (this.#current?.item === item) this.#current.stop.abort();
    if (item.attachment !== null) this.#api.delete(`uploads/${item.attachment.id}/`).catch(() => {});
    this.emit("change");
  }

  /** All that has arrived goes with a message. @returns {object[]} attachments */
  take() {
    const taken = this.#items.filter(({ state }) => state === "done").map(({ attachment }) => attachment);
    this.#items = this.#items.filter(({ state }) => state !== "done");
    this.emit("change");
    return taken;
  }

  async #next() {
    const item = this.#items.find(({ state }) => state === "sending");
    if (this.#current !== null || item === undefined) return;
    const stop = new AbortController();
    this.#current = { item, stop };
    const progress = (share) => this.#change(item, { progress: share });
    try {
      const attachment = await this.#api.upload(item.file, item.id, { progress, signal: stop.signal });
      this.#failures = 0;
      this.#change(item, { state: "done", progress: 1, attachment });
    } catch (error) {
      if (!stop.signal.aborted) this.#failed(item, error);
    }
    this.#current = null;
    this.#next();
  }

  #failed(item, { status, detail }) {
    if (status !== 0 && status !== 503 && status !== 429) {
      this.#change(item, { state: "failed", error: detail || "The server refused it." });
      return;
    }
    this.#change(item, { state: "waiting", progress: 0 });
    const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#clock.setTimeout(() => {
      if (item.state === "waiting") this.#change(item, { state: "sending" });
      this.#next();
    }, pause);
  }

  #change(item, change) {
    Object.assign(item, change);
    this.emit("change");
  }
}
