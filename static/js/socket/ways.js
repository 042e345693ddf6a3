const WAYS = ["socket", "stream", "poll"];
/** How often each may fail, while HTTP works, before the next is tried. */
const PATIENCE = { socket: 2, stream: 1, poll: 2 };
const KEY = "parley-way";

/** By which way this browser reaches the server: a socket, where none gets through a stream, and then a poll. */
export class Ways {
  #memory;
  #current;
  #failures = 0;

  /** @param {{memory?: Storage | null}} [parts] where the way outlives the page: the next one need not find out again */
  constructor({ memory = null } = {}) {
    this.#memory = memory;
    const remembered = memory?.getItem(KEY);
    this.#current = WAYS.includes(remembered) ? remembered : "socket";
  }

  /** @returns {"socket" | "stream" | "poll"} */
  get current() {
    return this.#current;
  }

  /** The server has spoken by it. */
  greeted() {
    this.#failures = 0;
  }

  /** Nothing came by it, although HTTP gets through. @returns {boolean} whether there is another way to try now */
  failed() {
    this.#failures += 1;
    if (this.#failures < PATIENCE[this.#current]) return false;
    this.#go(WAYS[(WAYS.indexOf(this.#current) + 1) % WAYS.length]);
    return true;
  }

  /** A socket gets through again. */
  returned() {
    this.#go("socket");
  }

  #go(way) {
    this.#current = way;
    this.#failures = 0;
    this.#memory?.setItem(KEY, way);
  }
}
