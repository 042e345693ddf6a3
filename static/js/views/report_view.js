import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

/** The dialog in which one tells those who run a room of a message. */
export class ReportView extends View {
  #app;
  #message = null;

  /** @param {HTMLDialogElement} element @param {App} app */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.listen(slot(element, "form"), "submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** @param {string} id of the message @param {string} preview its words */
  open(id, preview) {
    this.#message = id;
    setText(slot(this.element, "preview"), preview);
    slot(this.element, "form").reset();
    this.element.showModal();
  }

  async #send() {
    const reason = slot(this.element, "reason").value;
    try {
      await this.#app.client.api.post(`messages/${this.#message}/report/`, { reason });
      this.element.close();
      this.#app.toasts.show("Those who moderate the room see it now.");
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#app.toasts.refused("It could not be reported.", error);
    }
  }
}
