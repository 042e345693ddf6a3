import { setText, slot } from "../lib/dom.js";
import { forwarded } from "../models/forwarding.js";
import { quoteOf } from "./message_filler.js";
import { View } from "./view.js";

/** The dialog in which one passes a message on to another room or person. */
export class ForwardView extends View {
  #app;
  #message = null;
  #url = "";

  /** @param {HTMLDialogElement} element @param {App} app */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.listen(slot(element, "form"), "submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** @param {object} message with its `body` @param {string} url where it stands */
  open(message, url) {
    this.#message = message;
    this.#url = url;
    setText(slot(this.element, "preview"), quoteOf(message).text);
    slot(this.element, "form").reset();
    const open = this.#app.client.rooms.all.filter(({ archived }) => !archived);
    this.#offer("rooms", open.filter(({ peer }) => !peer));
    this.#offer("people", open.filter(({ peer }) => peer));
    this.element.showModal();
  }

  #offer(group, rooms) {
    const names = new Intl.Collator();
    const options = [...rooms]
      .sort((one, other) => names.compare(one.name, other.name))
      .map(({ id, name }) => new Option(name, id, false, id === this.#app.room?.conversation?.room));
    slot(this.element, group).replaceChildren(...options);
    slot(this.element, group).hidden = options.length === 0;
  }

  #send() {
    const { client, toasts } = this.#app;
    const to = slot(this.element, "to");
    const words = slot(this.element, "words").value;
    const body = forwarded({ words, message: this.#message, url: this.#url, limit: client.limits.body });
    client.outbox.add({ room: to.value, body });
    this.element.close();
    toasts.show(`Forwarded to ${to.selectedOptions[0].text}.`);
  }
}
