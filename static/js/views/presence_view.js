import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

/** Every presence mark on the page, wherever it stands. */
export class PresenceView extends View {
  #presence;

  /** @param {HTMLElement} element @param {Presence} presence */
  constructor(element, presence) {
    super(element);
    this.#presence = presence;
    this.own(presence.on("change", (user) => this.refresh(user)));
  }

  /** @param {string} [user] one person's marks, or all */
  refresh(user) {
    const marks = user === undefined ? "[data-presence]" : `[data-presence="${CSS.escape(user)}"]`;
    for (const mark of this.element.querySelectorAll(marks)) this.show(mark);
  }

  show(mark) {
    const online = this.#presence.has(mark.dataset.presence);
    mark.classList.toggle("presence--online", online);
    setText(slot(mark, "state"), online ? "online" : "offline");
  }
}
