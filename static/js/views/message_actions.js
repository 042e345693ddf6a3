import { clone } from "../lib/dom.js";
import { MessageActs } from "./message_acts.js";
import { View } from "./view.js";

const STEPS = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
const HOVER = matchMedia("(hover: hover)");
const HOLD_MS = 450;
const QUICK_EMOJI = 3;
const MENU_EMOJI = 6;
/** Key on a selected message → what it does; of several, what can be done. */
const KEYS = {
  r: "reply",
  t: "open-thread",
  "+": "pick-reaction",
  e: "edit",
  l: "copy-link",
  f: "forward",
  p: ["pin", "unpin"],
  b: ["keep", "unkeep"],
  u: "mark-unread",
  Delete: "delete",
  m: "open-menu",
  ContextMenu: "open-menu",
};

/** The ways to act on a message: the one toolbar, the menu, the keys, a long press, and the buttons of failed ones. */
export class MessageActions extends View {
  #room;
  #client;
  #timeline;
  #toolbar = clone("message-toolbar-template");
  #hold = null;
  #held = false;
  #acts;

  /** @param {HTMLElement} element the timeline @param {object} room the view of the room or thread */
  constructor(element, room) {
    super(element);
    this.#room = room;
    this.#client = room.client;
    this.#timeline = room.timeline;
    this.#acts = new MessageActs(room);
    this.listen(element, "pointerover", (event) => this.#pointed(event));
    this.listen(element, "pointerleave", () => this.#withdraw());
    this.listen(element, "focusin", ({ target }) => this.#offer(target));
    this.listen(element, "pointerdown", (event) => this.#pressed(event));
    for (const type of ["pointerup", "pointercancel", "pointermove"]) this.listen(element, type, () => this.#released());
    // The finger that opened the menu is lifted: no tap on what lies under it now, nor a menu of the browser's own.
    for (const type of ["touchend", "contextmenu"]) {
      this.listen(element, type, (event) => this.#held && event.preventDefault(), { passive: false });
    }
    this.listen(document, "pointerdown", ({ target }) => element.contains(target) || this.#toolbar.remove());
    this.listen(document, "keydown", (event) => this.#key(event));
    this.listen(this.#toolbar, "click", ({ target }) => this.#clicked(target));
    this.own(() => this.#acts.close());
    for (const name of ["retry", "discard", "drop-previews"]) {
      this.action(name, (_, button) => this.#acts.perform(name, this.#timeline.messageAt(button)));
    }
  }

  /** The newest own message that can be edited. @returns {boolean} */
  editLast() {
    this.#toolbar.remove();
    return this.#acts.editLast();
  }

  /** After a draw: a message under a pointer that stands still may have become one that can be acted on. */
  refresh() {
    const hovered = this.#toolbar.isConnected ? null : this.element.querySelector(".message:hover");
    if (hovered !== null) this.#offer(hovered);
  }

  #offer(target) {
    const element = target.closest(".message");
    if (element === null || element.contains(this.#toolbar)) return;
    const message = this.#timeline.messageAt(element);
    if (!this.#acts.arePossible(message) || element.classList.contains("message--editing")) {
      this.#toolbar.remove();
      return;
    }
    this.#client.bookmarks.load();
    const emoji = this.#client.recentEmoji.top(QUICK_EMOJI);
    for (const button of this.#toolbar.querySelectorAll("[data-action]")) {
      button.hidden = !this.#acts.isAllowed(button.dataset.action, message);
      if (button.dataset.action !== "quick-react") continue;
      button.textContent = emoji.shift();
      button.setAttribute("aria-label", `React with ${button.textContent}`);
    }
    element.append(this.#toolbar);
  }

  #perform(action, message, emoji) {
    if (!this.#acts.arePossible(message) || !this.#acts.isAllowed(action, message)) return;
    if (action === "open-menu") this.#openMenu(message);
    else if (action === "pick-reaction") this.#pick(message);
    else this.#acts.perform(action, message, emoji);
    if (action === "edit") this.#toolbar.remove();
  }

  #clicked(target) {
    const button = target.closest("[data-action]");
    if (button === null) return;
    this.#perform(button.dataset.action, this.#timeline.messageAt(button), button.textContent.trim());
  }

  #openMenu(message) {
    this.#room.app.messageMenu.open(this.#anchor("open-menu", message), {
      emoji: this.#client.recentEmoji.top(MENU_EMOJI),
      allowed: (action) => this.#acts.isAllowed(action, message),
      perform: (action, emoji) => this.#perform(action, message, emoji),
    });
  }

  /** Chosen in the menu, too, which has taken the pointer from the message and so the toolbar. */
  #pick(message) {
    if (HOVER.matches) this.#offer(this.#timeline.elementOf(message.id));
    this.#room.reactions.pick(message, this.#anchor("pick-reaction", message));
  }

  /** The toolbar's button when it is there, else the message itself. */
  #anchor(action, { id }) {
    const element = this.#timeline.elementOf(id);
    return element.querySelector(`.toolbar [data-action="${action}"]`) ?? element;
  }

  /** A pointer that lies still, while messages move beneath it, takes nothing from somebody at the keyboard. */
  #pointed({ target, pointerType }) {
    if (pointerType !== "touch" && this.#toolbar.querySelector(":focus-visible") === null) this.#offer(target);
  }

  /** Leaves with the pointer, but not from under the fingers of somebody at the keyboard. */
  #withdraw() {
    const focused = document.activeElement?.closest(".message");
    if (focused && this.element.contains(focused)) this.#offer(focused);
    else this.#toolbar.remove();
  }

  /** A finger that stays on a message asks what can be done with it. */
  #pressed({ target, pointerType }) {
    this.#held = false;
    if (pointerType !== "touch" || target.closest("button, textarea, input, summary") !== null) return;
    this.#released();
    this.#client.bookmarks.load();
    this.#hold = setTimeout(() => {
      this.#held = true;
      this.#perform("open-menu", this.#timeline.messageAt(target));
    }, HOLD_MS);
  }

  #released() {
    clearTimeout(this.#hold);
  }

  #key(event) {
    if (!this.#room.hasKeys || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.altKey) this.#step(event);
    else this.#keyOnMessage(event);
  }

  #step(event) {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const from = document.activeElement?.closest(".message");
    const next = this.element.contains(from) ? sibling(from, step) : this.#lastMessage();
    event.preventDefault();
    if (next !== null) this.#select(next);
    else if (event.key === "ArrowDown") this.#room.focusComposer();
  }

  #keyOnMessage(event) {
    const element = document.activeElement;
    const action = KEYS[event.key];
    const writes = element?.closest("input, textarea") !== null;
    if (action === undefined || writes || !element.closest(".message") || !this.element.contains(element)) return;
    event.preventDefault();
    const message = this.#timeline.messageAt(element);
    const fitting = [action].flat().find((each) => message && this.#acts.isAllowed(each, message));
    if (fitting) this.#perform(fitting, message);
  }

  #select(element) {
    const leave = this.#room.app.escapes.push(() => this.#room.focusComposer());
    element.addEventListener("focusout", leave, { once: true });
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  #lastMessage() {
    return [...this.element.querySelectorAll(".message[data-message]")].at(-1) ?? null;
  }

}

function sibling(element, step) {
  let next = element[step];
  while (next !== null && !next.classList.contains("message")) next = next[step];
  return next;
}
