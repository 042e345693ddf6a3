import { HttpWay } from "./http_way.js";

const WAIT_SECONDS = 25;
const PATIENCE_MS = 10_000;
const GLANCE_MS = 5_000;

/**
 * Asks again and again, by cursors that are kept here: of every stream, as a socket would bring them all. One tab too
 * many does not wait for the answer, and asks every five seconds.
 */
export class LongPoll extends HttpWay {
  #api;
  #clock;
  #epoch;
  #cursors = new Map();
  #user = null;

  constructor(parts) {
    super(parts);
    this.#api = parts.api;
    this.#clock = parts.clock;
    this.#ask(parts.resumeFields()).catch(() => this.end());
  }

  async #ask({ epoch, cursors = {} }) {
    this.#epoch = epoch;
    this.#cursors = new Map(Object.entries(cursors));
    for (let wait = 0; !this.ended; wait = await this.#next()) {
      const response = await this.#poll(wait);
      if (!response.ok) return this.refused(response);
      const { frames } = await response.json();
      if (this.#user === null) this.opened();
      for (const frame of frames) this.#take(frame);
    }
    return undefined;
  }

  async #next() {
    if (await this.mayKeep()) return WAIT_SECONDS;
    await new Promise((resolve) => this.#clock.setTimeout(resolve, GLANCE_MS));
    return 0;
  }

  async #poll(wait) {
    const body = { wait, cursors: Object.fromEntries(this.#cursors) };
    if (this.#epoch !== undefined) body.epoch = this.#epoch;
    const timer = this.#clock.setTimeout(() => this.end(), wait * 1000 + PATIENCE_MS);
    try {
      return await this.#api.begin("poll/", body, this.signal);
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }

  #take(frame) {
    switch (frame.op) {
      case "hello":
        return this.#hello(frame);
      case "close":
        return this.end(frame.code);
      case "event":
      case "reset":
        this.#cursors.set(frame.stream, frame.seq);
        if (frame.type === "room.added") this.#cursors.set(`room:${frame.data.room.id}`, frame.data.room.seq);
        break;
      case "ready":
        this.#epoch = frame.epoch;
        for (const [stream, seq] of Object.entries(frame.streams)) this.#cursors.set(stream, seq);
        break;
      default:
    }
    return this.say(frame);
  }

  /** Each answer begins with it; that of somebody else, who has signed in meanwhile, is not for this page. */
  #hello(frame) {
    if (this.#user === null) this.say(frame);
    else if (this.#user !== frame.user.id) this.end();
    this.#user = frame.user.id;
  }
}
