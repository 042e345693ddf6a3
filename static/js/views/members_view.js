import { clone, setText, slot } from "../lib/dom.js";
import { pages } from "../lib/pages.js";
import { initials } from "../lib/initials.js";
import { View } from "./view.js";

const byName = new Intl.Collator("en", { sensitivity: "base" });
const SHOWN_ROLES = new Set(["owner", "moderator"]);

/** The people of a room, with live presence. */
export class MembersView extends View {
  #room;
  #list;

  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#list = slot(element, "list");
    this.action("more-members", (event) => {
      event.preventDefault();
      this.#loadAll();
    });
    this.own(room.conversation.on("event", (frame) => this.#event(frame)));
    for (const item of this.#list.children) this.#remember(item);
  }

  #event({ type, data }) {
    if (type === "member.joined") this.#joined(data);
    if (type === "member.updated") this.#place(this.#fill(data));
    if (type === "member.left") this.#left(data.user.id);
  }

  #joined(member) {
    if (this.#find(member.user.id) === null) this.#count(1);
    this.#place(this.#fill(member));
  }

  #left(user) {
    this.#count(-1);
    this.#find(user)?.remove();
  }

  /** @returns {HTMLElement} the person's item, wherever it stands */
  #fill({ user, role }) {
    const item = this.#find(user.id) ?? clone("member-template");
    item.dataset.user = user.id;
    slot(item, "link").href = this.#room.client.urls.person(user.username);
    const avatar = slot(item, "avatar");
    avatar.className = `avatar avatar--h${user.hue}`;
    avatar.textContent = initials(user.name);
    const mark = item.querySelector(".presence");
    mark.dataset.presence = user.id;
    this.#room.app.presenceView.show(mark);
    setText(slot(item, "name"), user.name);
    setText(slot(item, "role"), SHOWN_ROLES.has(role) ? role : user.is_bot ? "bot" : "");
    return item;
  }

  #place(item) {
    const name = nameOf(item);
    const later = [...this.#list.children].find((other) => other !== item && byName.compare(nameOf(other), name) > 0);
    this.#list.insertBefore(item, later ?? null);
  }

  async #loadAll() {
    const path = `rooms/${this.#room.conversation.room}/members/`;
    try {
      const items = new Set(this.#list.children);
      for await (const member of pages(this.#room.client.api, path)) items.add(this.#fill(member));
      const named = [...items].map((item) => ({ item, name: nameOf(item) }));
      named.sort((one, other) => byName.compare(one.name, other.name));
      this.#list.replaceChildren(...named.map(({ item }) => item));
      this.element.querySelector(".panel__more").hidden = true;
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#room.app.toasts.fail("The members could not be loaded.");
    }
  }

  #find(user) {
    return this.#list.querySelector(`[data-user="${CSS.escape(user)}"]`);
  }

  #count(change) {
    const count = slot(this.element, "count");
    setText(count, String(Math.max(0, Number(count.textContent) + change)));
  }

  #remember(item) {
    const name = slot(item, "name").textContent;
    if (this.#room.client.directory.get(item.dataset.user)) return;
    const username = decodeURIComponent(slot(item, "link").pathname.split("/").at(-2));
    this.#room.client.directory.add({ id: item.dataset.user, name, username });
  }
}

function nameOf(item) {
  return slot(item, "name").textContent;
}
