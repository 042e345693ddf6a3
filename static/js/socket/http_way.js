import { CommandPost } from "./command_post.js";

const ABNORMAL = 1006;
const TRY_AGAIN_LATER = 1013;
const EXPIRED = 4401;

/**
 * What stands for a socket where none gets through: the same events, `send` and `close`. Frames come by HTTP as a
 * subclass knows, beginning with what `resume` would say; commands go out as requests.
 */
export class HttpWay extends EventTarget {
  #abort = new AbortController();
  #commands;
  #slots;
  #release = null;

  /** @param {{api: Api, resumeFields: () => object, clock: object, slots: Slots}} parts */
  constructor({ api, slots }) {
    super();
    this.#slots = slots;
    this.#commands = new CommandPost({
      post: (commands) => api.post("commands/", commands),
      answered: (frame) => this.say(frame),
      failed: (status) => this.end(codeOf(status)),
    });
  }

  get signal() {
    return this.#abort.signal;
  }

  get ended() {
    return this.#abort.signal.aborted;
  }

  /** @param {string} text a command */
  send(text) {
    const frame = JSON.parse(text);
    if (frame.op === "resume") return; // it has been said at the beginning
    if (frame.op === "ping" && this.beats) return;
    this.#commands.send(frame);
  }

  close() {
    this.#commands.stop();
    this.#abort.abort();
    this.#letGo();
  }

  /** @returns {Promise<boolean>} whether this tab may keep a connection for itself */
  async mayKeep() {
    this.#release ??= await this.#slots.take();
    if (this.ended) this.#letGo();
    return this.#release !== null;
  }

  #letGo() {
    this.#release?.();
    this.#release = null;
  }

  /** Whether the server gives signs of life by itself: a `ping` would be answered by another connection. */
  get beats() {
    return false;
  }

  /** @param {Response} response that is no success */
  refused(response) {
    this.end(codeOf(response.status));
  }

  opened() {
    if (!this.ended) this.dispatchEvent(new Event("open"));
  }

  say(frame) {
    this.sayText(JSON.stringify(frame));
  }

  sayText(text) {
    if (!this.ended) this.dispatchEvent(Object.assign(new Event("message"), { data: text }));
  }

  /** It is over, by itself. @param {number} [code] */
  end(code = ABNORMAL) {
    if (this.ended) return;
    this.close();
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

/** The close code that asks of the client what an HTTP status does. */
function codeOf(status) {
  if (status === 401 || status === 403) return EXPIRED;
  return status === 429 || status === 503 ? TRY_AGAIN_LATER : ABNORMAL;
}
