/** As many as surely fit into one request of 256 KiB, at three bytes for each. */
const BATCH_CHARACTERS = 60_000;
const REFUSED = new Set([429, 503]);

/** Sends commands by HTTP: in their order, those together that come while others are on their way. */
export class CommandPost {
  #post;
  #answered;
  #failed;
  #waiting = [];
  #busy = false;

  /**
   * @param {object} parts
   * @param {(commands: object[]) => Promise<object[]>} parts.post rejects with ApiError
   * @param {(frame: object) => void} parts.answered
   * @param {(status: number) => void} parts.failed no answer will come: the commands are to be sent again
   */
  constructor({ post, answered, failed }) {
    this.#post = post;
    this.#answered = answered;
    this.#failed = failed;
  }

  send(command) {
    this.#waiting.push(command);
    this.#run();
  }

  /** What waits is not sent. */
  stop() {
    this.#waiting = [];
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0) await this.#sendTogether(this.#batch());
    this.#busy = false;
  }

  #batch() {
    let characters = 0;
    const rest = this.#waiting.findIndex((command, index) => {
      characters += JSON.stringify(command).length;
      return index > 0 && characters > BATCH_CHARACTERS;
    });
    return this.#waiting.splice(0, rest === -1 ? this.#waiting.length : rest);
  }

  async #sendTogether(commands) {
    try {
      for (const frame of await this.#post(commands)) this.#answered(frame);
    } catch ({ status = 0, code, detail }) {
      if (!REFUSED.has(status)) return this.#failed(status);
      for (const { ref } of commands) this.#answered({ op: "error", ref, code, detail });
    }
    return undefined;
  }
}
