import { Client } from "./client.js";
import { PushDevice } from "./lib/push_device.js";
import { Keeper } from "./lib/keeper.js";
import { AlertsView } from "./views/alerts_view.js";
import { Announcer } from "./views/announcer.js";
import { Attention } from "./views/attention.js";
import { CreateRoomView } from "./views/create_room_view.js";
import { confirmDelete, wireDialogs } from "./views/dialogs.js";
import { EmojiPicker } from "./views/emoji_picker.js";
import { EscapeStack } from "./views/escape_stack.js";
import { ForwardView } from "./views/forward_view.js";
import { HistoryView } from "./views/history_view.js";
import { MenuView } from "./views/menu_view.js";
import { MessageMenu } from "./views/message_menu.js";
import { Navigator } from "./views/navigator.js";
import { PageView } from "./views/page_view.js";
import { PlainForms } from "./views/plain_forms.js";
import { PresenceView } from "./views/presence_view.js";
import { ProseView } from "./views/prose.js";
import { ReportView } from "./views/report_view.js";
import { RoomView } from "./views/room_view.js";
import { ShellView } from "./views/shell_view.js";
import { SidebarView } from "./views/sidebar_view.js";
import { SwitcherView } from "./views/switcher_view.js";
import { TitleView } from "./views/title_view.js";
import { Toasts } from "./views/toasts.js";

/** The page of somebody who is signed in: the client, the views around it, and the one room that is shown. */
export class App {
  client;
  attention = new Attention();
  escapes = new EscapeStack();
  toasts = new Toasts();
  keeper = new Keeper();
  announcer = new Announcer();
  title;
  presenceView;
  navigator;
  emojiPicker;
  push;
  messageMenu;
  #view = null;
  shell;
  #sidebar;
  #switcher;
  #createRoom;
  #keptSeq = new Map();

  /** @param {object} boot the page's `#parley-boot` */
  constructor(boot) {
    this.client = new Client(boot);
    const { api, me } = this.client;
    this.push = new PushDevice({ api, worker: this.keeper.registration, user: me.id, kept: localStorage });
    this.title = new TitleView(this.client.unread);
    this.presenceView = new PresenceView(document.body, this.client.presence);
    this.navigator = new Navigator(this);
    this.emojiPicker = new EmojiPicker(document.getElementById("emoji-picker"), this.client.recentEmoji);
    this.messageMenu = new MessageMenu(document.getElementById("message-menu"));
    this.shell = new ShellView(document.querySelector('[data-view="shell"]'), this);
    const sidebar = document.querySelector('[data-view="sidebar"]');
    this.#sidebar = new SidebarView(sidebar, this);
    for (const menu of sidebar.querySelectorAll('[data-view="menu"]')) new MenuView(menu, this);
    this.#switcher = new SwitcherView(document.getElementById("switcher"), this);
    this.#createRoom = new CreateRoomView(document.getElementById("create-room"), this);
    this.forward = new ForwardView(document.getElementById("forward"), this);
    this.report = new ReportView(document.getElementById("report"), this);
    this.confirmDelete = confirmDelete;
    new AlertsView(this);
    new PlainForms(this);
    new HistoryView(document.body, this);
    new ProseView(document.body, this);
    wireDialogs();
    this.#wire();
  }

  async start() {
    const { place } = this.navigator;
    const main = document.getElementById("main");
    this.title.set(main.dataset.title ?? document.title);
    const shown = this.#mount(main, { missed: [], place });
    this.client.start();
    await shown;
    this.#focus();
    if (this.room !== null && !this.keeper.stands) this.keeper.keep(location.pathname);
    await this.push.renew().catch(() => {});
  }

  /** @returns {RoomView | null} the room that is shown */
  get room() {
    return this.#view instanceof RoomView ? this.#view : null;
  }

  /** Where the reader is on this page, to come back to. */
  get place() {
    return (this.room === null ? this.#view?.place : this.room.timeline?.place) ?? null;
  }

  /** Goes where a notification leads. */
  openNotification({ id, room, message, thread }) {
    this.client.api.post("notifications/read/", { notifications: [id] }).catch(() => {});
    const place = this.client.rooms.get(room);
    this.navigator.go(place === undefined ? "/notifications/" : this.client.urls.message(place, { message, thread }));
  }

  /** The page as it was fetched is kept already; what has been said since is not. */
  #keepNews() {
    const { conversation, url } = this.room ?? {};
    if (!url || !conversation) return;
    const seq = this.client.session.cursor(conversation.stream) ?? 0;
    if (seq <= Math.max(this.#keptSeq.get(url) ?? 0, Number(this.room.element.dataset.asOf))) return;
    this.#keptSeq.set(url, seq);
    this.keeper.keep(url);
  }

  #openPushed({ url, tag }) {
    if (/^\d+$/u.test(tag)) this.client.api.post("notifications/read/", { notifications: [tag] }).catch(() => {});
    this.navigator.go(url);
  }

  placeChanged() {
    this.navigator.placeChanged();
  }

  /** Put another `<main>` in place of the present one, without life in it. */
  replaceMain(main) {
    this.#view?.destroy();
    this.#view = null;
    document.getElementById("main").replaceWith(main);
  }

  /** @param {HTMLElement} main @param {{missed: object[], place: object | null}} start */
  async showMain(main, start) {
    this.replaceMain(main);
    this.title.set(main.dataset.title);
    this.#sidebar.markCurrent();
    this.shell.showRoom();
    this.presenceView.refresh();
    const shown = this.#mount(main, start);
    if (main.dataset.focus === undefined) this.#focus();
    await shown;
  }

  #mount(main, start) {
    this.#view = main.dataset.view === "room" ? new RoomView(main, this) : new PageView(main, this);
    this.navigator.freshen(main);
    return this.#view.start(start);
  }

  /** To the composer; where that would open an on-screen keyboard, or there is none, to the heading. */
  #focus() {
    const touch = matchMedia("(hover: none)").matches;
    if (this.room?.canWrite && !touch) return void this.room.focusComposer();
    const field = document.querySelector("#main input[autofocus]");
    (field ?? document.querySelector("#main h1"))?.focus({ preventScroll: true });
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  #wire() {
    const on = (name, does) => {
      document.addEventListener("click", (event) => {
        if (event.target.closest(`[data-action="${name}"]`) === null) return;
        event.preventDefault();
        does();
      });
    };
    on("open-switcher", () => this.#switcher.open());
    on("open-create-room", () => this.#createRoom.open());
    on("open-keys", () => document.getElementById("keys").showModal());
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.navigator.go(this.client.urls.search());
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#keepNews());
    this.keeper.listen((said) => said.type === "open" && this.#openPushed(said));
    this.attention.on("change", (attentive) => this.client.setAttentive(attentive));
    this.client.setAttentive(this.attention.attentive);
    this.client.connection.on("state", ({ name, reason }) => {
      // Somebody else has signed in on this browser: this page is not theirs.
      if (name === "stopped" && reason === "other_user") location.reload();
    });
  }
}
