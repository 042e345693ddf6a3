import { setText, slot } from "../lib/dom.js";
import { textOf } from "../lib/words.js";
import { MessageFiller } from "./message_filler.js";
import { repliesText } from "./message_marks.js";
import { readMessages } from "./message_reader.js";
import { TalkView } from "./talk_view.js";

/** A thread beside its room: the message that began it, the replies, and a composer of its own. */
export class ThreadView extends TalkView {
  thread;
  #room;
  #shownRoot;
  #rootElement;
  #filler;

  /** @param {HTMLElement} element `#panel[data-thread]` @param {App} app @param {object} room the view of its room */
  constructor(element, app, room) {
    super(element, app);
    this.#room = room;
    this.thread = element.dataset.thread;
  }

  get url() {
    return this.#room.url;
  }

  get isMember() {
    return this.#room.isMember;
  }

  get isArchived() {
    return this.#room.isArchived;
  }

  get canReact() {
    return this.#room.canReact;
  }

  get role() {
    return this.#room.role;
  }

  get readSeq() {
    const { readSeq } = this.element.dataset;
    return readSeq === "" ? null : Number(readSeq);
  }

  /** @param {object[]} missed events that came while the panel was fetched */
  async start(missed) {
    const { asOf, focus } = this.element.dataset;
    this.conversation = this.client.conversation(this.#room.conversation.room, this.thread);
    this.makeTimeline(this.element);
    const page = this.timeline.page(Number(asOf));
    this.#takeRoot(Number(asOf));
    this.#takePlace(Number(asOf));
    this.mountTalk(this.element);
    this.action("follow-thread", (_, button) => this.#follow(button));
    const mine = missed.filter(({ stream }) => stream === this.conversation.stream);
    this.own(
      this.conversation.on("change", () => this.#drawRoot()),
      this.conversation.on("posted", (message) => this.#announce(message)),
      this.client.threads.on("change", (id) => id === this.thread && this.#showFollowing()),
      this.client.session.on("event", (frame) => this.#updated(frame)),
    );
    this.conversation.start({ page, live: this.#room.isMember, missed: mine });
    await this.timeline.start({ focus: focus ?? null, place: null });
    if (focus === undefined && this.canWrite && matchMedia("(hover: hover)").matches) this.focusComposer();
  }

  destroy() {
    this.client.threadMarker.away();
    super.destroy();
  }

  get place() {
    return this.client.threads.of(this.thread);
  }

  atBottom(seq) {
    this.client.threadMarker.atBottom(this.#key, seq);
  }

  away() {
    this.client.threadMarker.away();
  }

  markUnread(message) {
    this.client.threadMarker.markedUnread(this.#key, this.conversation.timeline.messages.at(-1)?.seq ?? message.seq);
    return this.client.markUnread(this.conversation.room, message.seq - 1, this.thread);
  }

  get hasKeys() {
    return this.element.contains(document.activeElement);
  }

  /** Threads have no threads. */
  openThread() {}

  scrolled() {}

  get #key() {
    return `${this.conversation.room}/${this.thread}`;
  }

  #takeRoot(asOf) {
    const list = slot(this.element, "root");
    const [root] = readMessages(list);
    this.#rootElement = list.firstElementChild;
    this.#shownRoot = this.conversation.timeline.root = { ...root, as_of: asOf };
    const quoted = (id) => this.#room.find(id);
    const moderates = () => this.moderates;
    this.#filler = new MessageFiller({ client: this.client, roomUrl: this.url, quoted, moderates, isRoot: true });
    this.#filler.adopt(this.#rootElement, this.#shownRoot, this.client.zoneIsNews);
  }

  #drawRoot() {
    const { root } = this.conversation.timeline;
    if (root === this.#shownRoot) return;
    this.#shownRoot = root;
    this.#filler.update(this.#rootElement, root);
    setText(slot(this.element, "reply-count"), repliesText(root.replies?.count ?? 0));
  }

  /** Who follows counts from what the panel says. */
  #takePlace(asOf) {
    const { following, unread } = this.element.dataset;
    if (following !== "true" || this.client.threads.has(this.thread)) return;
    this.client.threads.put({
      id: this.thread,
      seq: asOf,
      read_seq: this.readSeq ?? 0,
      unread: Number(unread),
      mentions: 0,
    });
  }

  #announce({ sender, html }) {
    if (sender.id !== this.client.me.id && this.attention.attentive) {
      this.app.announcer.say(`${sender.name} in the thread: ${textOf(html)}`);
    }
  }

  #updated({ type, data }) {
    if (type === "thread.updated" && data.thread === this.thread) this.#showFollowing();
  }

  #showFollowing() {
    const button = this.element.querySelector('[data-action="follow-thread"]');
    const following = this.client.threads.has(this.thread);
    button.setAttribute("aria-pressed", String(following));
    setText(slot(button, "label"), following ? "Following" : "Follow");
  }

  async #follow(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    try {
      await this.client.connection.request("follow", { message: this.thread, on });
    } catch (refusal) {
      if (refusal.code === undefined) throw refusal;
      this.app.toasts.refused(`You ${on ? "do not follow" : "still follow"} the thread.`, refusal);
    }
  }
}
