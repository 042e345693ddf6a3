import { clone, setText, slot } from "../lib/dom.js";
import { View } from "./view.js";

const MOST_SHOWN = 99;
const ICONS = { private: "#i-lock", open: "#i-hash" };
const byName = new Intl.Collator("en", { sensitivity: "base" });

/** The list of rooms and people, with what is unread in each. */
export class SidebarView extends View {
  #client;
  #app;
  #items = new Map();
  #lists;

  constructor(element, app) {
    super(element);
    this.#app = app;
    this.#client = app.client;
    this.#lists = { rooms: slot(element, "rooms"), people: slot(element, "people") };
    for (const item of element.querySelectorAll(".room-item")) this.#items.set(item.dataset.room, item);
    this.own(
      this.#client.rooms.on("change", () => this.#draw()),
      this.#client.unread.on("change", (room) => this.#badges(room)),
      this.#client.threads.on("change", () => this.#showThreads()),
      this.#client.notifications.on("change", () => this.#showNotifications()),
    );
    if (/mac|iphone|ipad/iu.test(navigator.platform)) setText(slot(element, "switcher-key"), "⌘ K");
    this.#draw();
  }

  /** Marks the room that the page shows now. */
  markCurrent() {
    const links = [...this.#items.values()].map((item) => slot(item, "link"));
    for (const link of [slot(this.element, "notifications"), slot(this.element, "threads"), ...links]) {
      const here = location.pathname.startsWith(link.pathname);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  #showThreads() {
    const { waiting } = this.#client.threads;
    this.#showWaiting("threads", waiting, `${waiting} thread${waiting === 1 ? "" : "s"} with new replies`);
  }

  #showNotifications() {
    const { unread } = this.#client.notifications;
    this.#showWaiting("notifications", unread, `${unread} unread`);
  }

  #showWaiting(name, number, said) {
    const link = slot(this.element, name);
    const badge = slot(link, "waiting");
    link.classList.toggle("sidebar__threads--unread", number > 0);
    setText(badge, number > MOST_SHOWN ? `${MOST_SHOWN}+` : String(number));
    badge.title = said;
    badge.hidden = number === 0;
  }

  #draw() {
    const shown = this.#client.rooms.all.filter((room) => !room.archived || this.#isHere(room));
    const gone = new Set(this.#items.keys());
    for (const room of shown.sort((a, b) => byName.compare(a.name, b.name))) {
      gone.delete(room.id);
      this.#put(room);
    }
    for (const id of gone) {
      this.#items.get(id).remove();
      this.#items.delete(id);
    }
    for (const [name, direct] of [["rooms", false], ["people", true]]) {
      const ids = shown.filter(({ kind }) => (kind === "direct") === direct).map(({ id }) => id);
      order(this.#lists[name], ids.map((id) => this.#items.get(id)));
    }
    slot(this.element, "no-rooms").hidden = this.#lists.rooms.children.length > 0;
    this.markCurrent();
  }

  #isHere(room) {
    return location.pathname.startsWith(this.#client.urls.room(room));
  }

  #put(room) {
    const direct = room.kind === "direct";
    let item = this.#items.get(room.id);
    if (item === undefined) {
      item = clone(direct ? "person-item-template" : "room-item-template");
      item.dataset.room = room.id;
      this.#items.set(room.id, item);
    }
    item.dataset.kind = room.kind;
    const link = slot(item, "link");
    link.setAttribute("href", this.#client.urls.room(room));
    setText(slot(item, "name"), room.name);
    if (direct) this.#mark(item, room.peer);
    else slot(item, "icon").setAttribute("href", ICONS[room.kind]);
    this.#badges(room.id);
  }

  #mark(item, peer) {
    item.dataset.user = peer.id;
    const mark = item.querySelector(".presence");
    mark.dataset.presence = peer.id;
    this.#app.presenceView.show(mark);
  }

  #badges(room) {
    const item = this.#items.get(room);
    if (item === undefined) return;
    const { unread, mentions } = this.#client.unread.of(room);
    item.classList.toggle("room-item--unread", unread > 0);
    item.classList.toggle("room-item--mention", mentions > 0);
    setText(slot(item, "unread"), unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread));
    slot(item, "unread").hidden = unread === 0 || mentions > 0;
    setText(slot(item, "mentions"), `@${mentions}`);
    slot(item, "mentions").hidden = mentions === 0;
    setText(slot(item, "sr"), spoken(unread, mentions));
  }
}

function spoken(unread, mentions) {
  if (unread === 0) return "";
  return `, ${unread} unread${mentions === 0 ? "" : `, ${mentions} mention${mentions === 1 ? "" : "s"}`}`;
}

/** Puts a list in order, moving only what is out of place. */
function order(list, items) {
  let next = list.firstElementChild;
  for (const item of items) {
    if (item === next) next = item.nextElementSibling;
    else list.insertBefore(item, next);
  }
}
