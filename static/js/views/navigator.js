import { clone } from "../lib/dom.js";

const SKELETON_AFTER_MS = 200;
const PLACE_SETTLE_MS = 200;
const PATIENCE_MS = 15_000;
const AGAIN_MS = 5_000;
const PREFIXES = ["/rooms/", "/people/", "/profile/", "/invitations/", "/workspace/", "/threads/", "/search/", "/kept/", "/notifications/"];

/** Goes from page to page inside the shell: fetches only `<main>`, keeps the address, the history and one's place. */
export class Navigator {
  #app;
  #ticket = null;
  #placeTimer = null;

  constructor(app) {
    this.#app = app;
    history.scrollRestoration = "manual";
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("submit", (event) => this.#submitted(event));
    addEventListener("popstate", ({ state }) => this.#show(location.href, { place: state?.place ?? null }));
    addEventListener("pagehide", () => this.#keepPlace());
  }

  /** Where this address was left, when one comes back to it or reloads. */
  get place() {
    return history.state?.place ?? null;
  }

  /** @param {string} url of this site */
  async go(url) {
    this.#keepPlace();
    const { href } = new URL(url, location.href);
    if (href === location.href) history.replaceState({}, "", href);
    else history.pushState({}, "", href);
    await this.#show(href, { place: null });
  }

  /** Fetch the present page again. */
  reload() {
    return this.#show(location.href, { place: null });
  }

  /** A page that was kept on this device is asked for again as soon as the server answers. @param {HTMLElement} main */
  freshen(main) {
    if (!("kept" in main.dataset)) return;
    const again = () => {
      off();
      clearTimeout(timer);
      if (main.isConnected) this.reload();
    };
    const { connection } = this.#app.client;
    const off = connection.on("state", ({ name }) => name === "ready" && again());
    const timer = connection.ready ? setTimeout(again, AGAIN_MS) : undefined;
  }

  /** The room on this page has another address from now on. */
  moved(from, to) {
    if (location.pathname.startsWith(from)) {
      history.replaceState(history.state, "", to + location.pathname.slice(from.length));
    }
  }

  /** The reader scrolled: remember where, once it settles. */
  placeChanged() {
    clearTimeout(this.#placeTimer);
    this.#placeTimer = setTimeout(() => this.#keepPlace(), PLACE_SETTLE_MS);
  }

  #keepPlace() {
    clearTimeout(this.#placeTimer);
    if (this.#ticket === null) history.replaceState({ ...history.state, place: this.#app.place }, "");
  }

  #clicked(event) {
    const link = event.target.closest("a[href]");
    if (link === null || event.defaultPrevented || event.button !== 0 || hasModifier(event)) return;
    if (!isOurs(link)) return;
    event.preventDefault();
    this.#follow(link.href);
  }

  /** A form that only asks, such as a search, is an address to go to. */
  #submitted(event) {
    const form = event.target;
    const ours = PREFIXES.some((prefix) => form.action.startsWith(location.origin + prefix));
    if (form.method !== "get" || event.defaultPrevented || !ours) return;
    event.preventDefault();
    const asked = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "");
    this.go(`${form.action}?${new URLSearchParams(asked)}`);
  }

  /** A link to a message of the room on the page leads there without loading anything else. */
  async #follow(href) {
    const room = this.#app.room;
    const { pathname } = new URL(href);
    const id = room?.url && pathname.startsWith(room.url) ? /^(\d+)\/$/u.exec(pathname.slice(room.url.length))?.[1] : null;
    if (id && room.timeline && (await room.timeline.toMessage(id))) history.pushState({}, "", href);
    else await this.go(href);
  }

  async #show(href, { place, told = false }) {
    const ticket = Symbol(href);
    this.#ticket = ticket;
    clearTimeout(this.#placeTimer);
    const missed = [];
    const stop = this.#app.client.session.on("event", (frame) => missed.push(frame));
    const skeleton = setTimeout(() => this.#app.replaceMain(clone("skeleton-template")), SKELETON_AFTER_MS);
    const main = await fetchMain(href).catch(() => undefined);
    clearTimeout(skeleton);
    stop();
    if (this.#ticket !== ticket) return;
    if (main === undefined) this.#unreachable(href, { told });
    else if (main === null) location.assign(href);
    else await this.#arrive(main, { missed, place });
  }

  async #arrive(main, start) {
    this.#ticket = null;
    await this.#app.showMain(main, start);
    if (location.hash !== "") document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }

  /**
   * Without a server there is no other page: stay on this one, and go on when there is a connection again. The socket may
   * have outlived what the page could not be fetched through: then nothing tells, and it is tried after a while.
   */
  #unreachable(href, { told }) {
    if (!told) this.#app.toasts.fail("The server cannot be reached. The page opens as soon as it can.");
    const ticket = this.#ticket;
    const again = () => {
      off();
      removeEventListener("online", again);
      clearTimeout(timer);
      if (this.#ticket === ticket) this.#show(href, { place: null, told: true });
    };
    const off = this.#app.client.connection.on("state", ({ name }) => name === "ready" && again());
    const timer = setTimeout(again, AGAIN_MS);
    addEventListener("online", again);
  }
}

/** @returns {Promise<HTMLElement | null>} null for anything but a fragment; rejects when nothing answers */
async function fetchMain(href) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(href, { headers: { "X-Parley-Fragment": "1" }, credentials: "same-origin", signal });
  if (response.status !== 200) return null;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = parsed.querySelector("main[data-fragment]");
  if (main === null) return null;
  if (response.redirected) history.replaceState(history.state, "", response.url);
  return document.adoptNode(main);
}

function isOurs(link) {
  if (link.origin !== location.origin || link.hasAttribute("download")) return false;
  // In what people write every link is marked to open elsewhere; those that lead here need not.
  if (link.target && link.closest(".message__body") === null) return false;
  if ("plain" in link.dataset || "action" in link.dataset) return false;
  return PREFIXES.some((prefix) => link.pathname.startsWith(prefix));
}

function hasModifier({ shiftKey, altKey, ctrlKey, metaKey }) {
  return shiftKey || altKey || ctrlKey || metaKey;
}
