import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

/** The dialog that makes a room. */
export class CreateRoomView extends View {
  #app;
  #form;

  /** @param {HTMLDialogElement} element */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.#form = slot(element, "form");
    this.listen(this.#form, "submit", (event) => {
      event.preventDefault();
      this.#create();
    });
  }

  open() {
    this.#form.reset();
    this.#complain({});
    this.element.showModal();
  }

  async #create() {
    const { api, urls, rooms } = this.#app.client;
    const { name, topic, kind } = Object.fromEntries(new FormData(this.#form));
    this.#busy(true);
    try {
      const room = await api.post("rooms/", topic === "" ? { name, kind } : { name, kind, topic });
      this.element.close();
      this.#app.navigator.go(urls.room(rooms.get(room.id) ?? room));
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#complain(error);
    } finally {
      this.#busy(false);
    }
  }

  #busy(busy) {
    for (const button of this.#form.querySelectorAll("button")) button.disabled = busy;
  }

  #complain({ status, detail, fields = {} }) {
    const away = status === 0 ? "The server cannot be reached just now." : detail;
    let placed = false;
    for (const note of this.#form.querySelectorAll('[data-slot="error"]')) {
      const text = [fields[note.dataset.field] ?? []].flat().join(" ");
      setText(note, text);
      note.hidden = text === "";
      placed ||= text !== "";
    }
    if (status === undefined || placed) return;
    const general = this.#form.querySelector('[data-slot="error"][data-field=""]');
    setText(general, away || "That did not work.");
    general.hidden = false;
  }
}
