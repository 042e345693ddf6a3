import { clone, setText, slot } from "../lib/dom.js";
import { textOf } from "../lib/words.js";
import { copyText } from "../lib/clipboard.js";
import { BannerView } from "./banner_view.js";
import { MembersView } from "./members_view.js";
import { MenuView } from "./menu_view.js";
import { PillView } from "./pill_view.js";
import { TalkView } from "./talk_view.js";
import { ThreadPanel } from "./thread_panel.js";
import { TypingView } from "./typing_view.js";

const LONGEST_TIMER_MS = 2 ** 31 - 2_000;

/** A room on the page: makes its conversation and the views of its parts, and is what they know of each other. */
export class RoomView extends TalkView {
  #pill = null;
  #slow = this.element.dataset.slow;
  #panel = null;
  #menu = null;

  get url() {
    return this.element.dataset.url;
  }

  get role() {
    return this.element.dataset.role;
  }

  get canReact() {
    const { state, hushed, mutedUntil = "" } = this.element.dataset;
    return this.canWrite || (state === "member" && hushed === "moderators" && !(new Date(mutedUntil) > Date.now()));
  }

  get isArchived() {
    return this.element.dataset.state === "archived";
  }

  get mayCallEverybody() {
    const { kind, members, everybodyMembers: most } = this.element.dataset;
    return kind !== "direct" && (this.moderates || Number(members) <= Number(most));
  }

  get readSeq() {
    return this.isMember ? Number(this.element.dataset.readSeq) : null;
  }

  /** Whether the room's stream comes to this person. */
  get isMember() {
    return ["member", "archived"].includes(this.element.dataset.state) && this.role !== "";
  }

  /** @param {{missed: object[], place: object | null}} start what came while the page was fetched; where to read on */
  async start({ missed, place }) {
    const { room, asOf, focus } = this.element.dataset;
    const talk = this.element.querySelector(".room__talk");
    if (talk === null) return this.#awaitEntry(room);
    this.conversation = this.client.conversation(room);
    this.makeTimeline(talk);
    const page = this.timeline.page(Number(asOf));
    for (const { sender } of page.messages) this.client.directory.add(sender);
    const mine = missed.filter(({ stream }) => stream === this.conversation.stream);
    this.conversation.start({ page, live: this.isMember, missed: mine });
    this.#mount(talk);
    this.#wire();
    this.#unmuteInTime();
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
    this.#menu?.destroy();
    this.#panel?.destroy();
    super.destroy();
    this.client.readMarker.away();
  }

  /** How far this has been read. @returns {{unread: number, readSeq: number}} */
  get place() {
    return this.client.unread.of(this.conversation.room);
  }

  /** The newest message is on the screen, or is not any more. */
  atBottom(seq) {
    this.client.readMarker.atBottom(this.conversation.room, seq);
  }

  away() {
    this.client.readMarker.away();
  }

  /** @returns {Promise<void>} rejects with Refusal */
  markUnread(message) {
    const { room, timeline } = this.conversation;
    this.client.readMarker.markedUnread(room, timeline.messages.at(-1)?.seq ?? message.seq);
    return this.client.markUnread(room, message.seq - 1);
  }

  /** Whether keys pressed now are meant for the room, and not for what stands beside it. */
  get hasKeys() {
    return document.activeElement?.closest("#panel") === null;
  }

  openThread(id) {
    return this.#panel.open(id);
  }

  /** Told by the timeline. */
  scrolled({ atEnd }) {
    this.#pill?.scrolled({ atEnd });
    this.app.placeChanged();
  }

  #mount(talk) {
    this.#pill = this.mount("pill", PillView);
    this.mount("typing", TypingView, talk);
    this.mount("connection", BannerView, talk);
    this.mountTalk(talk);
    this.mount("members", MembersView);
    const menu = this.element.querySelector('[data-view="menu"]');
    if (menu !== null) this.#menu = new MenuView(menu, this.app);
    this.#panel = new ThreadPanel(this.element, this);
    this.listen(this.element, "submit", (event) => {
      if (event.target.dataset.view !== "level") return;
      event.preventDefault();
      this.#chooseLevel(event.target.elements.level.value);
    });
    this.#noticeArrival();
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
    if (type === "member.updated" && data.user.id === this.client.me.id) {
      this.element.dataset.role = data.role;
      this.element.dataset.mutedUntil = data.muted_until ?? "";
      this.#reconsider();
    }
  }

  /** Whether one may write, and how often, is drawn by the server: the page is fetched again when it has changed. */
  #reconsider() {
    const { posting, hushed, slow, mutedUntil = "" } = this.element.dataset;
    const muted = new Date(mutedUntil) > Date.now() ? "muted" : "";
    const now = this.moderates ? "" : posting === "moderators" ? "moderators" : muted;
    if (now !== hushed || slow !== this.#slow) this.app.navigator.reload();
  }

  async #chooseLevel(level) {
    try {
      await this.client.api.put(`rooms/${this.element.dataset.room}/level/`, { level: level || null });
      this.app.toasts.show("Saved.");
    } catch (refusal) {
      this.app.toasts.refused("It was not saved.", refusal);
    }
  }

  /** Where nothing is unread there is no read position to move, but perhaps the news that one was brought in. */
  #noticeArrival() {
    const { notifications, unread, api } = this.client;
    const { room } = this.element.dataset;
    if (notifications.unread === 0 || unread.of(room).unread > 0) return;
    api.post("notifications/read/", { room }).catch(() => {});
  }

  #unmuteInTime() {
    const left = new Date(this.element.dataset.mutedUntil ?? "") - Date.now();
    if (!(left > 0 && left < LONGEST_TIMER_MS)) return;
    const timer = setTimeout(() => this.#reconsider(), left + 1_000);
    this.own(() => clearTimeout(timer));
  }

  #roomChanged({ kind, slug, name, topic, archived, posting, slow_seconds: slow }) {
    Object.assign(this.element.dataset, { posting, slow });
    this.#reconsider();
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
    this.#panel.close();
    this.unmountComposer(slot(this.element, "foot"));
    slot(this.element, "foot").replaceChildren(clone(template));
    if (inside) this.focusComposer();
  }

  async #copyLink() {
    if (await copyText(new URL(this.url, location.href).href)) this.app.toasts.show("The link is copied.");
    else this.app.toasts.fail("The link could not be copied.");
  }
}
