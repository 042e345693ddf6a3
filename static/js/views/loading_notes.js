import { clone } from "../lib/dom.js";
import { View } from "./view.js";

const LOADING_AFTER_MS = 200;

/** Tells at the edges of the timeline that history is being loaded, or could not be. */
export class LoadingNotes extends View {
  #timers = new Map();

  /** @param {HTMLElement} element the timeline */
  constructor(element, { conversation }) {
    super(element);
    this.action("reload", (event) => {
      event.target.closest(".timeline__error").remove();
      conversation.retry();
    });
    this.own(
      conversation.on("loading", (side, busy) => this.#loading(side, busy)),
      conversation.on("failed", (side) => this.#failed(side)),
      () => this.#timers.forEach(clearTimeout),
    );
  }

  #loading(side, busy) {
    const className = `timeline--loading-${side === "after" ? "after" : "before"}`;
    clearTimeout(this.#timers.get(side));
    this.element.classList.remove(className);
    if (!busy) return;
    this.element.querySelector(".timeline__error")?.remove();
    this.#timers.set(side, setTimeout(() => this.element.classList.add(className), LOADING_AFTER_MS));
  }

  #failed(side) {
    const note = clone("timeline-error-template");
    if (side === "before") this.element.prepend(note);
    else this.element.append(note);
  }
}
