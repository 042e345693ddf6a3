import { Api } from "./lib/api.js";
import { clock } from "./lib/clock.js";
import { cookie } from "./lib/cookie.js";
import { OutboxStore } from "./lib/outbox_store.js";
import { Times } from "./lib/times.js";
import { Urls } from "./lib/urls.js";
import { Bookmarks } from "./models/bookmarks.js";
import { Conversation } from "./models/conversation.js";
import { Courier } from "./models/courier.js";
import { Directory } from "./models/directory.js";
import { Drafts } from "./models/drafts.js";
import { History } from "./models/history.js";
import { Notifications } from "./models/notifications.js";
import { Outbox } from "./models/outbox.js";
import { Presence } from "./models/presence.js";
import { RecentEmoji } from "./models/recent_emoji.js";
import { ReadMarker } from "./models/read_marker.js";
import { Rooms } from "./models/rooms.js";
import { ThreadUnread } from "./models/threads.js";
import { Typing } from "./models/typing.js";
import { TypingNotifier } from "./models/typing_notifier.js";
import { Unread } from "./models/unread.js";
import { Connection } from "./socket/connection.js";
import { EventStream } from "./socket/event_stream.js";
import { LongPoll } from "./socket/long_poll.js";
import { Session } from "./socket/session.js";
import { Slots } from "./socket/slots.js";
import { Ways } from "./socket/ways.js";

const SUBPROTOCOL = "parley.v1";

/** Everything of this page that is no view: the models, the socket, and what flows between them. */
export class Client {
  me;
  limits;
  urls;
  signInUrl;
  api;
  times;
  /** Whether the server rendered this page for another zone, not knowing the browser's yet. */
  zoneIsNews;
  session;
  connection;
  outbox;
  rooms = new Rooms();
  notifications = new Notifications();
  unread;
  threads;
  readMarker;
  threadMarker;
  recentEmoji;
  typing = new Typing({ clock });
  typingNotifier;
  presence = new Presence();
  directory;
  bookmarks;
  drafts;
  #courier;
  #threadsKnown = false;
  #slots = new Slots({ locks: navigator.locks ?? null, name: "parley-slot" });

  /** @param {object} boot the page's `#parley-boot` */
  constructor({ me, limits, urls, csrf, workspace, time_zone: rendered, time_zone_chosen: chosen, rooms, notifications }) {
    this.me = me;
    this.limits = limits;
    this.urls = new Urls(urls);
    this.signInUrl = urls.sign_in;
    // Signing in again in another tab changes the token; the cookie has it then.
    this.api = new Api({ base: urls.api, csrf: () => cookie("csrftoken") ?? csrf });
    const zone = chosen ? rendered : Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.times = new Times({ zone });
    this.zoneIsNews = zone !== rendered;
    this.session = new Session({ epoch: workspace.epoch });
    this.connection = new Connection({
      session: this.session,
      open: (way) => this.#open(way, urls.socket),
      signedIn: () => this.api.signedIn(),
      clock,
      userId: me.id,
      ways: new Ways({ memory: globalThis.sessionStorage }),
    });
    const name = `parley-outbox:${me.id}`;
    const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
    this.outbox = new Outbox({ user: me.id, store: new OutboxStore(globalThis.indexedDB), channel });
    this.#courier = new Courier({
      outbox: this.outbox,
      post: (entry) => this.connection.request("post", asPost(entry)),
      lockName: name,
      locks: navigator.locks ?? null,
    });
    this.unread = new Unread(me.id);
    this.threads = new ThreadUnread(me.id);
    this.readMarker = new ReadMarker({ clock, send: (room, seq) => this.#markRead(room, seq) });
    this.threadMarker = new ReadMarker({ clock, send: (place, seq) => this.#markThreadRead(place, seq) });
    this.recentEmoji = new RecentEmoji({ storage: globalThis.localStorage, user: me.id });
    this.typingNotifier = new TypingNotifier({ clock, send: (room) => this.connection.tell("typing", { room }) });
    this.directory = new Directory((id) => this.api.get(`users/${id}/`));
    this.bookmarks = new Bookmarks({ api: this.api, clock });
    this.drafts = new Drafts({ storage: globalThis.localStorage, user: me.id, api: this.api });
    this.#take(rooms);
    this.notifications.replace(notifications);
    this.#wire();
  }

  /** @returns {Conversation} not yet started */
  conversation(room, thread = null) {
    const history = new History({ api: this.api, room, thread });
    return new Conversation({ room, thread, history, session: this.session, outbox: this.outbox });
  }

  /** @returns {Promise<void>} rejects with Refusal */
  async markUnread(room, seq, thread = null) {
    await this.connection.request("read", { room, thread, seq, unread: true });
  }

  /** Whether somebody looks at the page. */
  setAttentive(attentive) {
    this.readMarker.setAttentive(attentive);
    this.threadMarker.setAttentive(attentive);
  }

  start() {
    this.session.follow(`user:${this.me.id}`);
    this.outbox.open();
    this.connection.connect();
  }

  #open(way, path) {
    if (way === "socket") return new WebSocket(socketAddress(path), [SUBPROTOCOL]);
    const parts = { api: this.api, resumeFields: () => this.session.resumeFields(), clock, slots: this.#slots };
    return way === "stream" ? new EventStream(parts) : new LongPoll(parts);
  }

  #wire() {
    const { session, connection } = this;
    session.on("event", (frame) => this.#heard(frame));
    session.on("signal", (frame) => this.#signalled(frame));
    session.on("ready", ({ rooms, online, notifications }) => {
      this.#take(rooms);
      this.notifications.replace(notifications);
      this.presence.replace(online ?? []);
    });
    session.on("skipped", () => (this.#threadsKnown = false));
    connection.on("state", ({ name }) => {
      this.#courier.setReady(name === "ready");
      if (name !== "ready") return;
      this.readMarker.retry();
      this.threadMarker.retry();
      if (!this.#threadsKnown) this.#loadThreads();
    });
    listenToTheBrowser(connection);
  }

  #take(rooms) {
    for (const { peer } of rooms) this.directory.add(peer);
    this.rooms.replace(rooms);
    this.unread.replace(rooms);
  }

  #heard(frame) {
    const { type, data } = frame;
    this.rooms.apply(frame);
    this.unread.apply(frame);
    this.threads.apply(frame);
    this.bookmarks.apply(frame);
    this.notifications.apply(frame);
    if (type === "message.posted") this.#posted(data);
    if (type === "member.joined" || type === "member.updated") this.directory.add(data.user);
  }

  #posted({ id, client_id: clientId, room, seq, sender }) {
    this.directory.add(sender);
    this.typing.stopped(room, sender.id);
    if (sender.id === this.me.id) this.outbox.arrived(clientId, { message: id, seq });
  }

  #signalled({ type, stream, data, ttl }) {
    if (type === "presence") this.presence.set(data.user, data.state);
    else if (type === "typing" && data.user !== this.me.id) this.typing.started(roomOf(stream), data.user, ttl);
  }

  /** What was unread in threads before this page, or came unheard; the rest is heard. */
  async #loadThreads() {
    this.#threadsKnown = true;
    try {
      const { results } = await this.api.get("threads/", { unread: "true", limit: 200 });
      this.threads.replace(results);
    } catch (error) {
      this.#threadsKnown = false;
      if (error.status === undefined) throw error;
    }
  }

  /** @param {string} place `room/thread` */
  #markThreadRead(place, seq) {
    const [room, thread] = place.split("/");
    if (this.threads.has(thread) && seq <= this.threads.of(thread).readSeq) return Promise.resolve();
    this.threads.seen(thread, seq);
    return this.connection.request("read", { room, thread, seq });
  }

  #markRead(room, seq) {
    if (seq <= this.unread.of(room).readSeq) return Promise.resolve();
    this.unread.seen(room, seq);
    return this.connection.request("read", { room, seq });
  }
}

/** Entries that an earlier version of this page left have no attachments. */
function asPost({ room, id, body, reply_to, thread, attachments = [] }) {
  return { room, id, body, reply_to, thread, ...(attachments.length > 0 && { attachments: attachments.map((file) => file.id) }) };
}

function roomOf(stream) {
  return stream.slice("room:".length);
}

function socketAddress(path) {
  const address = new URL(path, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

/** Whatever may mean that the network or the machine is back, or gone. */
function listenToTheBrowser(connection) {
  addEventListener("online", () => connection.networkChanged(true));
  addEventListener("offline", () => connection.networkChanged(false));
  addEventListener("pageshow", ({ persisted }) => persisted && connection.nudge());
  addEventListener("focus", () => connection.nudge());
  document.addEventListener("visibilitychange", () => document.hidden || connection.nudge());
  document.addEventListener("resume", () => connection.nudge());
}
