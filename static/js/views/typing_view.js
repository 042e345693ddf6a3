import { setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

/** One line that tells who is typing. */
export class TypingView extends View {
  #client;
  #room;

  constructor(element, { client, conversation }) {
    super(element);
    this.#client = client;
    this.#room = conversation.room;
    this.own(client.typing.on("change", (room) => room === this.#room && this.#show()));
    this.#show();
  }

  async #show() {
    const users = this.#client.typing.inRoom(this.#room);
    const people = await Promise.all(users.slice(0, 3).map((id) => this.#client.directory.find(id)));
    // Somebody may have stopped while names were asked for.
    if (users.join() !== this.#client.typing.inRoom(this.#room).join()) return;
    setText(slot(this.element, "text"), sentence(people.filter(Boolean).map(({ name }) => name)));
  }
}

function sentence(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return "Several people are typing…";
}
