import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

/** Leads to the newest messages, and tells how many came while the reader was further up. */
export class PillView extends View {
  #count = 0;
  #atEnd = true;

  /** @param {HTMLElement} element @param {object} room the room view */
  constructor(element, room) {
    super(element);
    this.listen(element, "click", () => room.toNewest());
    this.own(room.conversation.on("posted", ({ sender }) => this.#posted(sender.id === room.client.me.id)));
  }

  /** @param {{atEnd: boolean, waiting?: number}} place waiting: how many unread messages lie below */
  scrolled({ atEnd }) {
    this.#atEnd = atEnd;
    if (atEnd) this.#count = 0;
    this.#show();
  }

  /** What was unread below when the page opened. */
  begin(unread) {
    this.#count = unread;
    this.#show();
  }

  #posted(mine) {
    if (this.#atEnd || mine) return;
    this.#count += 1;
    this.#show();
  }

  #show() {
    setText(slot(this.element, "label"), this.#count > 0 ? `${this.#count} new` : "Newest messages");
    this.element.hidden = this.#atEnd;
  }
}
