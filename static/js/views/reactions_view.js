import { placeBeside } from "../lib/beside.js";
import { View } from "./view.js";

const TIP_AFTER_MS = 300;
const MOST_NAMES = 20;
const names = new Intl.ListFormat("en", { type: "conjunction" });

/** Reactions under the messages of a timeline: one tap to join, who it was on hover, any emoji by the picker. */
export class ReactionsView extends View {
  #host;
  #client;
  #tip = null;
  #timer = null;
  #asked = new Map();

  /** @param {HTMLElement} element the timeline @param {object} host the view of the room or thread */
  constructor(element, host) {
    super(element);
    this.#host = host;
    this.#client = host.client;
    this.action("toggle-reaction", (_, button) => this.react(this.#messageAt(button), button.dataset.emoji));
    // The toolbar's, which stands in a message as well, is that of the actions.
    this.action("pick-reaction", (_, button) => button.matches(".reaction--add") && this.pick(this.#messageAt(button), button));
    const over = ({ target, pointerType }) => pointerType !== "touch" && this.#point(target);
    this.listen(element, "pointerover", over);
    this.listen(element, "focusin", ({ target }) => target.matches(":focus-visible") && this.#point(target));
    this.listen(element, "focusout", () => this.#hideTip());
    this.listen(element, "pointerleave", () => this.#hideTip());
    this.listen(element, "scroll", () => this.#hideTip(), { passive: true });
    this.listen(element, "contextmenu", (event) => this.#held(event));
    this.own(() => this.#hideTip());
  }

  /** One's own reaction comes, or goes when it was there. */
  async react(message, emoji) {
    if (message === undefined || !this.#host.canReact) return;
    const { me, connection, recentEmoji } = this.#client;
    const { timeline } = this.#host.conversation;
    const on = !message.reactions?.some((each) => each.emoji === emoji && each.users.includes(me.id));
    if (on) recentEmoji.used(emoji);
    timeline.react(message.id, emoji, me.id, on);
    this.#hideTip();
    try {
      await connection.request("react", { message: message.id, emoji, on });
    } catch (refusal) {
      if (refusal.code === undefined) throw refusal;
      timeline.react(message.id, emoji, me.id, !on);
      this.#host.app.toasts.refused("The reaction was not kept.", refusal);
    }
  }

  /** @param {object} message @param {HTMLElement} anchor */
  async pick(message, anchor) {
    const emoji = await this.#host.app.emojiPicker.pick(anchor);
    const now = this.#host.conversation.timeline.find(message?.id);
    const has = now?.reactions?.some((each) => each.emoji === emoji && each.users.includes(this.#client.me.id));
    if (emoji !== null && !has) await this.react(now, emoji);
  }

  #messageAt(element) {
    return this.#host.timeline.messageAt(element);
  }

  #point(target) {
    const button = target.closest(".reaction[data-emoji]");
    if (this.#tip?.button === button) return;
    this.#hideTip();
    if (button !== null) this.#timer = setTimeout(() => this.#showTip(button), TIP_AFTER_MS);
  }

  /** A finger that stays on a reaction asks who it was. */
  #held(event) {
    const button = event.target.closest(".reaction[data-emoji]");
    if (button === null) return;
    event.preventDefault();
    this.#hideTip();
    this.#showTip(button);
  }

  async #showTip(button) {
    const { emoji, users } = button.dataset;
    const tip = { button, element: document.createElement("p") };
    this.#tip = tip;
    const text = await this.#whoReacted(this.#messageAt(button), emoji, users);
    if (this.#tip !== tip || text === null || !button.isConnected) return;
    tip.element.className = "tip";
    tip.element.setAttribute("role", "tooltip");
    tip.element.id = "reaction-tip";
    tip.element.textContent = text;
    document.body.append(tip.element);
    button.setAttribute("aria-describedby", "reaction-tip");
    placeBeside(tip.element, button);
  }

  #hideTip() {
    clearTimeout(this.#timer);
    this.#tip?.button.removeAttribute("aria-describedby");
    this.#tip?.element.remove();
    this.#tip = null;
  }

  /** @returns {Promise<string | null>} null when nobody can tell */
  async #whoReacted(message, emoji, users) {
    if (message === undefined) return null;
    const key = `${message.id} ${emoji} ${users}`;
    if (!this.#asked.has(key)) this.#asked.set(key, await this.#ask(message.id));
    const found = this.#asked.get(key)?.find((each) => each.emoji === emoji);
    if (found === undefined) {
      this.#asked.delete(key);
      return null;
    }
    return `${this.#listed(found.users)} reacted with ${emoji}`;
  }

  #listed(users) {
    const { id } = this.#client.me;
    const mine = users.some((user) => user.id === id);
    const all = [...(mine ? ["You"] : []), ...users.filter((user) => user.id !== id).map(({ name }) => name)];
    const rest = all.length - MOST_NAMES;
    return names.format(rest > 0 ? [...all.slice(0, MOST_NAMES), `${rest} more`] : all);
  }

  async #ask(id) {
    try {
      return (await this.#client.api.get(`messages/${id}/reactions/`)).results;
    } catch (error) {
      if (error.status === undefined) throw error;
      return undefined;
    }
  }
}
