import { setText, slot } from "../lib/dom.js";
import { isLong } from "../lib/folding.js";
import { View } from "./view.js";

const TOP_PX = 12;

/** Long messages show their beginning, until somebody asks for all of it. @param {HTMLElement} element the message */
export function foldIfLong(element, words) {
  const long = isLong(words);
  if (long === element.classList.contains("message--long")) return;
  element.classList.toggle("message--long", long);
  slot(element, "fold").hidden = !long;
  setFolded(element, long);
}

/** @param {HTMLElement} element the message, which may be a short one */
export function unfold(element) {
  if (element.classList.contains("message--folded")) setFolded(element, false);
}

function setFolded(element, folded) {
  element.classList.toggle("message--folded", folded);
  const button = slot(element, "fold");
  button.ariaExpanded = String(!folded);
  setText(button, folded ? "Show all" : "Show less");
  if (!folded) slot(element, "body").scrollTop = 0;
}

/** The buttons of long messages. What the browser looks for inside, or the focus, opens them too. */
export class FoldView extends View {
  /** @param {HTMLElement} element the timeline @param {object} room the room view */
  constructor(element, room) {
    super(element);
    const { timeline } = room;
    this.action("fold", (_, button) => {
      const message = button.closest(".message");
      const folded = !message.classList.contains("message--folded");
      timeline.hold(message, () => setFolded(message, folded), folded ? TOP_PX : -Infinity);
    });
    // A folded body scrolls only for "find in page" and for the focus.
    this.listen(
      element,
      "scroll",
      ({ target }) => {
        if (!target.matches(".message--folded > .message__body")) return;
        const message = target.closest(".message");
        timeline.hold(message, () => setFolded(message, false), -Infinity);
      },
      { capture: true, passive: true },
    );
  }
}
