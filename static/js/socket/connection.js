import { Emitter } from "../lib/emitter.js";
import { Backoff } from "./backoff.js";
import { verdictOn } from "./closing.js";
import { Liveness } from "./liveness.js";
import { Refusal } from "./refusal.js";
import { Requests } from "./requests.js";
import { Returning } from "./returning.js";
import { Ways } from "./ways.js";

const HELLO_MS = 10_000;
/** A stream says it at once; what is silent so long is held back by a proxy. */
const STREAM_HELLO_MS = 5_000;
const READY_MS = 30_000;
const NORMAL_CLOSURE = 1000;
const ABNORMAL = 1006;
const RESUME_REF = "resume";

/**
 * @typedef {object} State
 * @property {"idle" | "connecting" | "hello" | "resuming" | "ready" | "waiting" | "stopped"} name
 * @property {number} [retryAt] when `waiting`: the clock's time of the next try
 * @property {string} [because] when `waiting`: the code of the server's `bye`
 * @property {"signed_out" | "revoked" | "broken" | "other_user" | "left"} [reason] when `stopped`
 * @property {boolean} offline the browser says that there is no network, and nothing has proved it wrong
 * @property {"stream" | "poll"} [way] when it is not by a socket
 * @property {boolean} [returning] when `resuming`: on a socket, after a way that worked
 */

/**
 * One socket that is kept up: connecting → hello → resuming → ready → waiting → connecting → …, or stopped. Where no
 * socket gets through it is something else that looks like one, and the socket is tried again in the background.
 *
 * Emits `state(State)`. Frames for the streams go to the session; answers to whoever asked.
 */
export class Connection extends Emitter {
  #session;
  #open;
  #signedIn;
  #clock;
  #random;
  #userId;
  #backoff;
  #liveness;
  #requests;
  #ways;
  #returning;
  #socket = null;
  #greeted = false;
  #timer = null;
  #state = { name: "idle", offline: false };
  #bye = null;
  #notBefore = 0;
  #refreshed = false;

  /**
   * @param {object} parts
   * @param {Session} parts.session
   * @param {(way: "socket" | "stream" | "poll") => WebSocket} parts.open makes a new socket to the server, or what
   *   stands for one
   * @param {() => Promise<"in" | "out" | "away">} parts.signedIn asks over HTTP whether the session still holds
   * @param {object} parts.clock
   * @param {string} parts.userId the person whom this page belongs to
   * @param {() => number} [parts.random]
   * @param {Ways} [parts.ways]
   */
  constructor({ session, open, signedIn, clock, userId, random = Math.random, ways = new Ways() }) {
    super();
    this.#session = session;
    this.#open = open;
    this.#signedIn = signedIn;
    this.#clock = clock;
    this.#random = random;
    this.#userId = userId;
    this.#backoff = new Backoff({ clock, random });
    this.#liveness = new Liveness({ clock, ping: () => this.#send({ op: "ping" }), dead: () => this.#fellSilent() });
    this.#requests = new Requests({ clock });
    this.#ways = ways;
    this.#returning = new Returning({ clock, open: () => open("socket"), found: (hello) => this.#return(hello) });
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  get ready() {
    return this.#state.name === "ready";
  }

  /** Connect now, whatever was planned: at the start, and when a person asks for it. */
  connect() {
    if (this.#socket !== null) return;
    this.#connect();
  }

  /** The page became visible, the browser online, or the machine woke up: find out now how things stand. */
  nudge() {
    if (this.#state.name === "waiting" && this.#clock.now() >= this.#notBefore) this.#connect();
    else if (this.#state.name === "stopped" && this.#state.reason === "signed_out") this.#review();
    else this.#liveness.check();
  }

  /** What the browser believes about the network; a frame that arrives proves it wrong. */
  networkChanged(online) {
    this.#enter({ ...this.#state, offline: !online });
    if (online) this.#returning.now();
    this.nudge();
  }

  /** End for good: the page is being left. */
  stop(reason = "left") {
    this.#drop(NORMAL_CLOSURE);
    this.#enter({ name: "stopped", reason });
  }

  /**
   * @param {string} op
   * @param {object} fields
   * @returns {Promise<object>} the `ok` frame; rejects with Refusal (code `disconnected` when there is no connection)
   */
  request(op, fields) {
    if (!this.ready) return Promise.reject(new Refusal({ code: "disconnected" }));
    const { ref, answer } = this.#requests.open();
    this.#send({ op, ref, ...fields });
    return answer;
  }

  /** Something that may be lost: sent when there is a connection, forgotten otherwise. */
  tell(op, fields) {
    if (this.ready) this.#send({ op, ...fields });
  }

  #connect() {
    this.#clock.clearTimeout(this.#timer);
    this.#bye = null;
    this.#notBefore = 0;
    this.#enter({ name: "connecting" });
    this.#greeted = false;
    this.#listenTo(this.#open(this.#ways.current));
    this.#expectWithin(this.#ways.current === "stream" ? STREAM_HELLO_MS : HELLO_MS);
  }

  #listenTo(socket) {
    this.#socket = socket;
    const current = () => this.#socket === socket;
    socket.addEventListener("open", () => current() && this.#enter({ name: "hello" }));
    socket.addEventListener("message", ({ data }) => current() && this.#heard(data));
    socket.addEventListener("close", ({ code }) => current() && this.#lost(code));
  }

  /** A socket gets through again. Nothing is lost by going over to it: what comes next is told by the cursors. */
  async #return(hello) {
    await this.#requests.idle();
    const socket = this.ready ? this.#returning.take() : null;
    if (socket === null) return;
    this.#drop();
    this.#bye = null;
    this.#ways.returned();
    this.#listenTo(socket);
    this.#hello(hello, { returning: true });
  }

  #heard(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return undefined;
    }
    this.#provedOnline();
    if (this.#state.name !== "hello" && this.#state.name !== "connecting") this.#liveness.heard();
    switch (frame.op) {
      case "hello":
        this.#hello(frame);
        break;
      case "bye":
        this.#bye = frame;
        break;
      case "ok":
      case "error":
        if (frame.ref === RESUME_REF) return this.#lost(ABNORMAL);
        this.#requests.answered(frame);
        break;
      default:
        this.#forSession(frame);
    }
    return undefined;
  }

  #hello(frame, how = {}) {
    if (frame.user?.id !== this.#userId) return this.stop("other_user");
    this.#greeted = true;
    this.#ways.greeted();
    this.#expectWithin(READY_MS);
    this.#enter({ name: "resuming", ...how });
    this.#liveness.start();
    return this.#send({ op: "resume", ref: RESUME_REF, ...this.#session.resumeFields() });
  }

  #expectWithin(ms) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#lost(ABNORMAL), ms);
  }

  #forSession(frame) {
    if (!this.#session.receive(frame)) return this.#lost(ABNORMAL);
    if (this.#state.name !== "resuming") return undefined;
    if (frame.op === "event") this.#expectWithin(READY_MS);
    if (frame.op === "ready") {
      this.#clock.clearTimeout(this.#timer);
      this.#refreshed = false;
      this.#backoff.connected();
      this.#enter({ name: "ready" });
      if (this.#ways.current !== "socket") this.#returning.start();
    }
    return undefined;
  }

  /** After a beginning that was let through, a proxy may hold back what follows: then a stream is no way. */
  #fellSilent() {
    if (this.#ways.current === "stream") this.#greeted = false;
    this.#lost(ABNORMAL);
  }

  #lost(code) {
    this.#drop();
    switch (verdictOn(code)) {
      case "broken":
        return this.#enter({ name: "stopped", reason: "broken" });
      case "revoked":
        return this.#enter({ name: "stopped", reason: "revoked" });
      case "refresh":
        return this.#refresh();
      default:
        this.#retry(this.#delay(code));
        // A browser shows a refused handshake as 1006, be it a 401 or a proxy that knows no sockets: ask over HTTP.
        if (!this.#greeted) this.#review({ unheard: code === ABNORMAL });
        return undefined;
    }
  }

  #delay(code) {
    const [from, to] = this.#bye?.retry_ms ?? [];
    if (from === undefined) return this.#backoff.next();
    const delay = from + this.#random() * (to - from);
    if (code === 4429) this.#notBefore = this.#clock.now() + delay;
    return delay;
  }

  #retry(delay) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#connect(), delay);
    this.#enter({ name: "waiting", retryAt: this.#clock.now() + delay, because: this.#bye?.code });
  }

  async #refresh() {
    const again = this.#refreshed;
    this.#refreshed = true;
    this.#retry(this.#backoff.next());
    const answer = await this.#signedIn();
    if (this.#state.name !== "waiting") return;
    if (answer === "out") this.#signedOut();
    else if (answer === "in" && !again) this.#connect();
  }

  async #review({ unheard = false } = {}) {
    const answer = await this.#signedIn();
    const { name, reason } = this.#state;
    if (answer === "out" && name === "waiting") this.#signedOut();
    if (answer !== "in") return;
    if (name === "stopped" && reason === "signed_out") this.#connect();
    // HTTP gets through, and this way does not.
    if (unheard && name === "waiting" && this.#ways.failed()) this.#connect();
  }

  #signedOut() {
    this.#clock.clearTimeout(this.#timer);
    this.#enter({ name: "stopped", reason: "signed_out" });
  }

  #drop(code) {
    const socket = this.#socket;
    this.#socket = null;
    this.#clock.clearTimeout(this.#timer);
    this.#liveness.stop();
    this.#returning.stop();
    socket?.close(code);
    this.#requests.abandon();
  }

  #send(frame) {
    this.#socket?.send(JSON.stringify(frame));
  }

  #provedOnline() {
    if (this.#state.offline) this.#enter({ ...this.#state, offline: false });
  }

  #enter(state) {
    const { offline } = this.#state;
    this.#state = this.#ways.current === "socket" ? { offline, ...state } : { offline, ...state, way: this.#ways.current };
    this.emit("state", this.#state);
  }
}
