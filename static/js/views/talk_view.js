import { peopleNames, roomNames } from "../models/name_completion.js";
import { ComposerView } from "./composer_view.js";
import { FoldView } from "./folding.js";
import { Lightbox } from "./lightbox.js";
import { LoadingNotes } from "./loading_notes.js";
import { MessageActions } from "./message_actions.js";
import { ReactionsView } from "./reactions_view.js";
import { TimelineView } from "./timeline_view.js";
import { View } from "./view.js";

const PEOPLE_ASKED = 20;

/** Where people talk, a room or a thread of it: its conversation, and the views that both have alike. */
export class TalkView extends View {
  app;
  client;
  attention;
  conversation;
  timeline;
  reactions = null;
  #actions = null;
  #composer = null;
  #children = [];
  #names = null;

  /** @param {HTMLElement} element @param {App} app */
  constructor(element, app) {
    super(element);
    this.app = app;
    this.client = app.client;
    this.attention = app.attention;
  }

  get canWrite() {
    return this.#composer !== null;
  }

  /** In a room where only moderators write, all may; who is muted may not. */
  get canReact() {
    return this.canWrite;
  }

  get moderates() {
    return ["owner", "moderator"].includes(this.role);
  }

  /** What is completed in its text fields. */
  get names() {
    const { api, rooms } = this.client;
    const people = async (q) => {
      const found = await api.get(`rooms/${this.conversation.room}/members/`, { q: q || undefined, limit: PEOPLE_ASKED });
      return found.results.map(({ user }) => user);
    };
    const open = (some) => some.filter(({ kind, archived }) => kind === "open" && !archived);
    const mine = () => open(rooms.all);
    const places = async () => open([...rooms.all, ...(await api.get("rooms/", { member: false })).results]);
    return (this.#names ??= [peopleNames(people, () => this.mayCallEverybody), roomNames(places, mine)]);
  }

  /** Whether `@room` and `@here` are heard by all. */
  get mayCallEverybody() {
    return false;
  }

  destroy() {
    for (const child of this.#children) child.destroy();
    this.timeline?.destroy();
    this.conversation?.end();
    super.destroy();
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
    else this.element.querySelector("h1, h2")?.focus({ preventScroll: true });
  }

  /** A message of this room, held or fetched. @returns {Promise<object | undefined>} */
  find(id) {
    return this.timeline.find(id);
  }

  /** @param {HTMLElement} inside what holds timeline and composer */
  mountTalk(inside) {
    this.#composer = this.mount("composer", ComposerView, inside);
    this.#actions = this.mount("timeline", MessageActions, inside);
    this.reactions = this.mount("timeline", ReactionsView, inside);
    this.mount("timeline", LoadingNotes, inside);
    this.mount("timeline", FoldView, inside);
    this.mount("timeline", Lightbox, inside);
  }

  /** @returns {View | null} null when the page has no such part */
  mount(name, Kind, inside = this.element) {
    const part = inside.querySelector(`[data-view="${name}"]`);
    if (part === null) return null;
    this.#children.push(new Kind(part, this));
    return this.#children.at(-1);
  }

  makeTimeline(inside) {
    const part = inside.querySelector('[data-view="timeline"]');
    if (part !== null) this.timeline = new TimelineView(part, this);
    return part !== null;
  }

  /** Nothing can be written any more: what stands within `part` is to be replaced. */
  unmountComposer(part) {
    this.#composer = null;
    for (const child of this.#children) if (part.contains(child.element)) child.destroy();
  }
}
