import { ThreadView } from "./thread_view.js";
import { View } from "./view.js";

const PATIENCE_MS = 15_000;

/** What stands beside a room: its members, or a thread that covers them until it is closed. */
export class ThreadPanel extends View {
  #room;
  #view = null;
  #covered = null;
  #ticket = null;
  #release = () => {};

  /** @param {HTMLElement} element the room's `<main>` @param {object} room its view */
  constructor(element, room) {
    super(element);
    this.#room = room;
    this.action("open-thread", (event, link) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open(link.closest("[data-message]").dataset.message);
    });
    this.action("close-thread", (event) => {
      event.preventDefault();
      this.close();
    });
    if (this.#panel.dataset.view === "thread") this.#show([]);
  }

  /** @param {string} id the message that began it */
  async open(id) {
    if (this.#view?.thread === id) return this.#view.focusComposer();
    const ticket = (this.#ticket = Symbol(id));
    const missed = [];
    const stop = this.#room.client.session.on("event", (frame) => missed.push(frame));
    const panel = await fetchPanel(`${this.#room.url}${id}/thread/`);
    stop();
    if (this.#ticket !== ticket) return undefined;
    if (panel === null) return this.#room.app.toasts.fail("The thread could not be opened. Try again in a moment.");
    this.#end();
    this.#covered ??= this.#panel;
    this.#panel.replaceWith(panel);
    return this.#show(missed);
  }

  close() {
    this.#ticket = null;
    if (this.#view === null) return;
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#end();
    this.#room.app.shell.showThread(null);
    // A page that came with its thread does not have the members: its room is another page.
    if (this.#covered === null) this.#room.app.navigator.go(this.#room.url);
    else this.#panel.replaceWith(this.#covered);
    this.#covered = null;
    if (hadFocus) this.#room.focusComposer();
  }

  destroy() {
    this.#ticket = null;
    this.#end();
    this.#room.app.shell.showThread(null);
    super.destroy();
  }

  get #panel() {
    return this.element.querySelector("#panel");
  }

  async #show(missed) {
    this.#room.app.shell.showThread(() => this.close());
    this.#view = new ThreadView(this.#panel, this.#room.app, this.#room);
    this.#release = this.#room.app.escapes.push(() => this.close());
    await this.#view.start(missed);
  }

  #end() {
    this.#release();
    this.#release = () => {};
    this.#view?.destroy();
    this.#view = null;
  }
}

/** @returns {Promise<HTMLElement | null>} null when there is none */
async function fetchPanel(url) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { headers: { "X-Parley-Fragment": "panel" }, credentials: "same-origin", signal });
    if (response.status !== 200) return null;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const panel = parsed.querySelector("#panel[data-thread]");
    return panel === null ? null : document.adoptNode(panel);
  } catch {
    return null;
  }
}
