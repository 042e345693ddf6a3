import { View } from "./view.js";

const SETTLE_MS = 300;

/** A list that the server draws, and that is fetched again when there is something new for it. */
export class LiveView extends View {
  #navigator;
  #timer = null;

  /** @param {HTMLElement} element of the list @param {App} app */
  constructor(element, app) {
    super(element);
    this.#navigator = app.navigator;
    this.own(() => clearTimeout(this.#timer));
  }

  /** Several things that come together are fetched together. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#navigator.reload(), SETTLE_MS);
  }
}
