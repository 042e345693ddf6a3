import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

const FIRST_PATIENCE_MS = 1_500;
const TICK_MS = 250;

const LOOKS = ["connecting", "reconnecting", "offline", "restarting", "stopped"];

const STOPPED = {
  signed_out: "You are signed out. What you wrote is kept here until you are back.",
  revoked: "You no longer have access. Sign in again, or ask an owner.",
  broken: "This page and the server do not understand each other. Reload the page.",
};

/** One quiet line that tells how the connection is; nothing while all is well. */
export class BannerView extends View {
  #connection;
  #ticker = null;
  #patience = null;
  #wasReady;

  constructor(element, { client }) {
    super(element);
    this.#connection = client.connection;
    this.#wasReady = this.#connection.ready;
    slot(element, "sign-in").href = signInAddress(client.signInUrl);
    this.action("try-now", () => this.#connection.connect());
    this.own(
      this.#connection.on("state", () => this.#changed()),
      () => clearInterval(this.#ticker),
      () => clearTimeout(this.#patience),
    );
    this.#changed();
  }

  #changed() {
    clearInterval(this.#ticker);
    clearTimeout(this.#patience);
    const { state } = this.#connection;
    if (state.name === "ready") this.#wasReady = true;
    if (state.name === "waiting") this.#ticker = setInterval(() => this.#count(), TICK_MS);
    this.element.dataset.way = state.way ?? "socket";
    // The first connection is made while the page is read already, and another way is gone over to while all is well:
    // no news unless it takes long.
    const begins = (!this.#wasReady || state.returning) && ["idle", "connecting", "hello", "resuming"].includes(state.name);
    if (begins && this.element.hidden && !state.offline) {
      this.#patience = setTimeout(() => this.#show(), FIRST_PATIENCE_MS);
    } else this.#show();
  }

  #show() {
    const { state } = this.#connection;
    const look = lookOf(state, this.#wasReady);
    this.element.hidden = look === null;
    if (look === null) return;
    for (const other of LOOKS) this.element.classList.toggle(`banner--${other}`, other === look);
    setText(slot(this.element, "text"), textOf(look, state));
    const stopped = state.name === "stopped";
    slot(this.element, "sign-in").hidden = !stopped || state.reason === "broken";
    this.element.querySelector('[data-action="try-now"]').hidden = state.name !== "waiting";
    this.#count();
  }

  #count() {
    const { name, retryAt } = this.#connection.state;
    const seconds = name === "waiting" ? Math.max(0, Math.ceil((retryAt - Date.now()) / 1000)) : 0;
    setText(slot(this.element, "countdown"), seconds > 0 ? `Trying again in ${seconds} s.` : "");
  }
}

function lookOf({ name, offline, because }, wasReady) {
  if (name === "stopped") return "stopped";
  if (offline) return "offline";
  if (name === "ready") return null;
  if (because === "restart") return "restarting";
  return wasReady || name === "waiting" ? "reconnecting" : "connecting";
}

function textOf(look, { name, reason }) {
  if (look === "stopped") return STOPPED[reason] ?? STOPPED.broken;
  if (look === "offline") return "You are offline. What you write is sent when you are back.";
  if (look === "restarting") return "The server is restarting.";
  if (look === "connecting" || name !== "waiting") return "Connecting…";
  return "The connection is lost. What you write is sent when it is back.";
}

function signInAddress(path) {
  return `${path}?next=${encodeURIComponent(location.pathname)}`;
}
