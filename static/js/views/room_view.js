import { clone, setText, slot } from "../lib/dom.js";
import { copyText } from "../lib/clipboard.js";
import { BannerView } from "./banner_view.js";
import { ComposerView } from "./composer_view.js";
import { LoadingNotes } from "./loading_notes.js";
import { MembersView } from "./members_view.js";
import { MenuView } from "./menu_view.js";
import { MessageActions } from "./message_actions.js";
import { textOf } from "./message_filler.js";
import { PillView } from "./pill_view.js";
import { TimelineView } from "./timeline_view.js";
import { TypingView } from "./typing_view.js";
import { View } from "./view.js";

/** A room on the page: makes its conversation and the views of its parts, and is what they know of each other. */
export class RoomView extends View {
  app;
  client;
  attention;
  conversation;
  timeline;
  #actions = null;
  #composer = null;
  #pill = null;
  #children = [];

  /** @param {HTMLElement} element `<main data-view="room">` @param {App} app */
  constructor(element, app) {
    super(element);
    this.app = app;
    this.client = app.client;
    this.attention = app.attention;
  }

  get url() {
    return this.element.dataset.url;
  }

  get role() {
    return this.element.dataset.role;
  }

  get readSeq() {
    return this.isMember ? Number(this.element.dataset.readSeq) : null;
  }

  /** Whether the room's stream comes to this person. */
  get isMember() {
    return ["member", "archived"].includes(this.element.dataset.state) && this.role !== "";
  }

  get canWrite() {
    return this.#composer !== null;
  }

  /** @param {{missed: object[], place: object | null}} start what came while the page was fetched; where to read on */
  async start({ missed, place }) {
    const { room, asOf, focus } = this.element.dataset;
    if (this.#part("timeline") === null) return this.#awaitEntry(room);
    this.conversation = this.client.conversation(room);
    this.timeline = new TimelineView(this.#part("timeline"), this);
    const page = this.timeline.page(Number(asOf));
    for (const { sender } of page.messages) this.client.directory.add(sender);
    const mine = missed.filter(({ stream }) => stream === this.conversation.stream);
    this.conversation.start({ page, live: this.isMember, missed: mine });
    this.#mount();
    this.#wire();
    this.#pill?.begin(this.client.unread.of(room).unread);
    await this.timeline.start({ focus: focus ?? null, place });
  }

  /** A room that one is not in: it opens when somebody lets one in, or a direct talk begins. */
  #awaitEntry(room) {
    const { user } = this.element.dataset;
    const entered = (other) => (room === undefined ? other.peer?.id === user && user !== undefined : other.id === room);
    this.own(this.client.rooms.on("change", () => this.client.rooms.all.some(entered) && this.app.navigator.reload()));
  }

  destroy() {
    for (const child of this.#children) child.destroy();
    this.timeline?.destroy();
    this.conversation?.end();
    this.client.readMarker.away();
    super.destroy();
  }

  /** Told by the timeline. */
  scrolled({ atEnd }) {
    this.#pill?.scrolled({ atEnd });
    this.app.placeChanged();
  }

  /** Told by the timeline. */
  drawn() {
    this.#actions?.refresh();
  }

  toNewest() {
    return this.timeline.toNewest();
  }

  reply(message) {
    this.#composer?.reply(message);
  }

  editLast() {
    return this.#actions?.editLast() ?? false;
  }

  focusComposer() {
    if (this.#composer !== null) this.#composer.focus();
    else this.element.querySelector("h1")?.focus({ preventScroll: true });
  }

  /** A message of this room, held or fetched. @returns {Promise<object | undefined>} */
  find(id) {
    return this.timeline.find(id);
  }

  #mount() {
    const mount = (name, Kind) => {
      const part = this.#part(name);
      if (part === null) return null;
      this.#children.push(new Kind(part, this));
      return this.#children.at(-1);
    };
    this.#pill = mount("pill", PillView);
    mount("typing", TypingView);
    mount("connection", BannerView);
    this.#composer = mount("composer", ComposerView);
    this.#actions = mount("timeline", MessageActions);
    mount("timeline", LoadingNotes);
    mount("members", MembersView);
    const menu = this.#part("menu");
    if (menu !== null) this.#children.push(new MenuView(menu, this.app));
    this.action("copy-room-link", () => this.#copyLink());
  }

  #wire() {
    const { conversation } = this;
    this.own(
      conversation.on("posted", (message) => this.#announce(message)),
      conversation.on("event", ({ type, data }) => this.#changed(type, data)),
      this.client.session.on("lost", (stream) => stream === conversation.stream && this.#removed()),
    );
  }

  #announce({ sender, html }) {
    if (sender.id !== this.client.me.id && this.attention.attentive) {
      this.app.announcer.say(`${sender.name}: ${textOf(html)}`);
    }
  }

  #changed(type, data) {
    if (type === "room.updated" || type === "room.archived") this.#roomChanged(data.room);
    if (type === "member.updated" && data.user.id === this.client.me.id) this.element.dataset.role = data.role;
  }

  #roomChanged({ kind, slug, name, topic, archived }) {
    if (archived !== (this.element.dataset.state === "archived")) {
      if (!archived) return this.app.navigator.reload();
      this.#close("archived", "room-archived-template");
    }
    if (kind === "direct") return undefined;
    const url = this.client.urls.room({ slug });
    if (url !== this.url) this.app.navigator.moved(this.url, url);
    this.element.dataset.url = url;
    setText(slot(this.element, "room-name"), name);
    setText(slot(this.element, "room-topic"), topic);
    const input = this.element.querySelector("#composer-input");
    if (input) input.placeholder = `Message #${name}`;
    this.element.dataset.title = this.element.dataset.title.replace(this.element.dataset.name, () => name);
    this.element.dataset.name = name;
    return this.app.title.set(this.element.dataset.title);
  }

  #removed() {
    this.#close("removed", "room-removed-template");
    this.#awaitEntry(this.conversation.room);
  }

  #close(state, template) {
    const inside = slot(this.element, "foot").contains(document.activeElement);
    this.element.dataset.state = state;
    this.#composer = null;
    for (const child of this.#children) if (slot(this.element, "foot").contains(child.element)) child.destroy();
    slot(this.element, "foot").replaceChildren(clone(template));
    if (inside) this.focusComposer();
  }

  async #copyLink() {
    if (await copyText(new URL(this.url, location.href).href)) this.app.toasts.show("The link is copied.");
    else this.app.toasts.fail("The link could not be copied.");
  }

  #part(name) {
    return this.element.querySelector(`[data-view="${name}"]`);
  }
}
