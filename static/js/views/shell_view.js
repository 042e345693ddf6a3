import { setCookie } from "../lib/cookie.js";
import { View } from "./view.js";

const WIDE = matchMedia("(min-width: 1024px)");
const PHONE = matchMedia("(max-width: 640px)");

/** Which of sidebar, room and panel are shown. */
export class ShellView extends View {
  #escapes;
  #release = () => {};
  #closeThread = null;

  constructor(element, { escapes }) {
    super(element);
    this.#escapes = escapes;
    this.action("toggle-panel", () => this.#togglePanel());
    this.action("close-panel", () => (this.#closeThread ?? (() => this.#setPanel(false)))());
    this.action("show-list", (event) => {
      if (!PHONE.matches) return;
      event.preventDefault();
      event.stopPropagation();
      element.dataset.pane = "list";
      element.querySelector(".room-item__link[aria-current], .sidebar a")?.focus();
    });
    this.listen(WIDE, "change", () => this.refresh());
    followKeyboard((...listener) => this.listen(...listener));
    this.refresh();
  }

  get isPhone() {
    return PHONE.matches;
  }

  /** Another room is shown: on a phone it covers the list. */
  showRoom() {
    this.element.dataset.pane = "room";
    if (!WIDE.matches) this.#setPanel(false);
    this.refresh();
  }

  /** A thread stands beside the room, whether the members do or not. @param {(() => void) | null} close null: no more */
  showThread(close) {
    this.#closeThread = close;
    this.element.classList.toggle("shell--thread", close !== null);
  }

  refresh() {
    this.element.querySelector('[data-action="toggle-panel"]')?.setAttribute("aria-expanded", String(this.#panelOpen));
  }

  get #panelOpen() {
    return WIDE.matches
      ? this.element.dataset.panel !== "closed"
      : this.element.classList.contains("shell--panel-over");
  }

  #togglePanel() {
    const open = !this.#panelOpen;
    this.#setPanel(open);
    if (open) this.element.querySelector('#panel [data-action="close-panel"]')?.focus();
  }

  #setPanel(open) {
    const hadFocus = this.element.querySelector("#panel")?.contains(document.activeElement);
    this.#release();
    this.#release = () => {};
    if (WIDE.matches) {
      this.element.dataset.panel = open ? "open" : "closed";
      setCookie("panel", this.element.dataset.panel);
    } else {
      this.element.classList.toggle("shell--panel-over", open);
      if (open) this.#release = this.#escapes.push(() => this.#setPanel(false));
    }
    if (!open && hadFocus) this.element.querySelector('[data-action="toggle-panel"]')?.focus();
    this.refresh();
  }
}

/** The composer stays above an on-screen keyboard that covers the page instead of resizing it. */
function followKeyboard(listen) {
  const { visualViewport } = window;
  if (!visualViewport) return;
  const follow = () => {
    const covered = Math.max(0, Math.round(window.innerHeight - visualViewport.height * visualViewport.scale));
    document.documentElement.style.setProperty("--keyboard", `${covered}px`);
  };
  listen(visualViewport, "resize", follow);
}
