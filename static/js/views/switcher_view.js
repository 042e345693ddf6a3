import { clone, setText, slot } from "../lib/dom.js";
import { score } from "../lib/fuzzy.js";
import { View } from "./view.js";

const MOST_SHOWN = 12;
const UNREAD_BONUS = 0.5;
const TYPED_SETTLE_MS = 150;

/**
 * The quick switcher: type a few letters of a room's or a person's name, Enter.
 *
 * @typedef {{key: string, name: string, hint: string, icon: string, url: string, unread: number}} Place
 */
export class SwitcherView extends View {
  #client;
  #app;
  #query;
  #list;
  #places = [];
  #shown = [];
  #selected = 0;
  #pointed = false;
  #others = new Map();
  #asked = new Set();
  #askTimer = null;

  /** @param {HTMLDialogElement} element */
  constructor(element, app) {
    super(element);
    this.#app = app;
    this.#client = app.client;
    this.#query = slot(element, "query");
    this.#list = slot(element, "list");
    this.listen(this.#query, "input", () => this.#typed());
    this.listen(this.#query, "keydown", (event) => this.#key(event));
    this.listen(this.#list, "click", ({ target }) => this.#choose(this.#indexOf(target)));
    this.listen(this.#list, "pointermove", ({ target }) => this.#point(this.#indexOf(target)));
    this.listen(element, "click", ({ target }) => target === element && element.close());
    this.listen(document, "keydown", (event) => this.#shortcut(event));
  }

  open() {
    if (this.element.open) return;
    this.#query.value = "";
    this.element.showModal();
    this.#gather();
    this.#search();
    this.#askFor("");
  }

  #shortcut(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (this.element.open) this.element.close();
    else if (document.querySelector("dialog[open]") === null) this.open();
  }

  #typed() {
    this.#search();
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => this.#askFor(this.#query.value.trim()), TYPED_SETTLE_MS);
  }

  #key(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.#shown.length > 0) {
      event.preventDefault();
      this.#point((this.#selected + steps[event.key] + this.#shown.length) % this.#shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(this.#selected);
    }
  }

  #gather() {
    const mine = this.#client.rooms.all.filter(({ archived }) => !archived).map((room) => this.#placeOfRoom(room));
    const known = new Set(mine.map(({ url }) => url));
    this.#places = [...mine, ...[...this.#others.values()].filter(({ url }) => !known.has(url))];
  }

  #placeOfRoom(room) {
    const { unread } = this.#client.unread.of(room.id);
    const direct = room.kind === "direct";
    const icon = direct ? "#i-at" : room.kind === "private" ? "#i-lock" : "#i-hash";
    const hint = direct ? `@${room.peer.username}` : room.topic;
    return { key: room.id, name: room.name, hint, icon, url: this.#client.urls.room(room), unread };
  }

  /** People without a talk yet and open rooms elsewhere: each question is asked once, answers are kept. */
  async #askFor(query) {
    if (this.#asked.has(query)) return;
    this.#asked.add(query);
    try {
      const people = this.#client.api.get("users/", { q: query || undefined });
      const rooms = query === "" ? this.#client.api.get("rooms/", { member: false }) : { results: [] };
      for (const person of (await people).results) this.#addPerson(person);
      for (const room of (await rooms).results) this.#addRoom(room);
      this.#gather();
      if (this.element.open) this.#search({ keep: true });
    } catch (error) {
      if (error.status === undefined) throw error;
      this.#asked.delete(query);
    }
  }

  #addPerson({ id, name, username }) {
    if (id === this.#client.me.id) return;
    const url = this.#client.urls.person(username);
    this.#others.set(url, { key: `user:${id}`, name, hint: `@${username}`, icon: "#i-at", url, unread: 0 });
  }

  #addRoom(room) {
    if (room.archived) return;
    const place = this.#placeOfRoom(room);
    this.#others.set(place.url, { ...place, hint: "not joined" });
  }

  #search({ keep = false } = {}) {
    const query = this.#query.value.trim();
    const rated = this.#places.map((place) => ({ place, rating: rate(query, place) }));
    const fitting = rated.filter(({ rating }) => rating > 0).sort((a, b) => b.rating - a.rating);
    const before = this.#shown[this.#selected]?.url;
    this.#shown = fitting.slice(0, MOST_SHOWN).map(({ place }) => place);
    if (query !== "") this.#shown.push(this.#searchFor(query));
    this.#list.replaceChildren(...this.#shown.map((place, index) => this.#item(place, index)));
    slot(this.element, "none").hidden = fitting.length > 0;
    this.#pointed &&= keep;
    this.#select(this.#pointed ? Math.max(0, this.#shown.findIndex(({ url }) => url === before)) : 0);
  }

  /** Chosen by hand: what is found later does not take it away. */
  #point(index) {
    this.#pointed ||= index >= 0;
    this.#select(index);
  }

  #searchFor(query) {
    const name = `Search messages for “${query}”`;
    return { key: "search", name, hint: "", icon: "#i-search", url: this.#client.urls.search(query), unread: 0 };
  }

  #item({ name, hint, icon, unread }, index) {
    const item = clone("switcher-item-template");
    item.id = `switcher-item-${index}`;
    slot(item, "icon").setAttribute("href", icon);
    setText(slot(item, "name"), name);
    setText(slot(item, "hint"), hint);
    setText(slot(item, "badge"), String(unread));
    slot(item, "badge").hidden = unread === 0;
    return item;
  }

  #select(index) {
    if (index < 0) return;
    this.#selected = index;
    [...this.#list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = this.#list.children[index];
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.#query.setAttribute("aria-activedescendant", item.id);
    else this.#query.removeAttribute("aria-activedescendant");
  }

  #choose(index) {
    const place = this.#shown[index];
    if (place === undefined) return;
    this.element.close();
    this.#app.navigator.go(place.url);
  }

  #indexOf(target) {
    return [...this.#list.children].indexOf(target.closest(".switcher-item"));
  }
}

function rate(query, { name, hint, unread }) {
  const bonus = unread > 0 ? UNREAD_BONUS : 0;
  if (query === "") return 1 + bonus;
  const rating = Math.max(score(query, name), hint.startsWith("@") ? score(query, hint.slice(1)) * 0.9 : 0);
  return rating === 0 ? 0 : rating + bonus;
}
