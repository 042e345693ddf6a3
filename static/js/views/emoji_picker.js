import { placeBeside } from "../lib/beside.js";
import { setText, slot } from "../lib/dom.js";
import { pageEmoji } from "../lib/emoji_data.js";
import { View } from "./view.js";

const RECENT = 16;
const PHONE = matchMedia("(max-width: 640px)");
const GROUPS = new Map([
  [0, "Smileys"],
  [1, "People"],
  [3, "Animals and nature"],
  [4, "Food and drink"],
  [5, "Travel and places"],
  [6, "Activities"],
  [7, "Objects"],
  [8, "Symbols"],
  [9, "Flags"],
]);
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The one picker of the page: opens beside whatever asks for an emoji. */
export class EmojiPicker extends View {
  #data = pageEmoji();
  #recent;
  #input;
  #list;
  #whole = null;
  #active = null;
  #answer = null;
  #asked = 0;
  #anchor = null;

  /** @param {HTMLElement} element `#emoji-picker` @param {RecentEmoji} recent */
  constructor(element, recent) {
    super(element);
    this.#recent = recent;
    this.#input = slot(element, "query");
    this.#list = slot(element, "list");
    this.listen(this.#input, "input", () => this.#show());
    this.listen(this.#input, "keydown", (event) => this.#key(event));
    this.listen(this.#list, "pointerover", ({ target }) => this.#activate(target.closest("button"), false));
    this.listen(this.#list, "click", ({ target }) => this.#choose(target.closest("button")));
    this.listen(element, "toggle", ({ newState }) => newState === "closed" && this.#give(null));
  }

  /** @param {HTMLElement} anchor @returns {Promise<string | null>} null when nothing was chosen */
  async pick(anchor) {
    this.#give(null);
    const asked = (this.#asked += 1);
    const answer = new Promise((resolve) => (this.#answer = resolve));
    this.#anchor?.removeAttribute("aria-expanded");
    this.#anchor = anchor;
    anchor.setAttribute("aria-expanded", "true");
    this.#input.value = "";
    this.element.showPopover();
    // At once: the toolbar, which is the anchor often, follows the pointer.
    if (PHONE.matches) this.element.removeAttribute("style");
    else placeBeside(this.element, anchor);
    this.#input.focus();
    await this.#show();
    const chosen = await answer;
    if (asked !== this.#asked) return null; // somebody else has it now, and the keys
    anchor.removeAttribute("aria-expanded");
    if (anchor.isConnected) anchor.focus({ preventScroll: true });
    return chosen;
  }

  async #show() {
    const query = this.#input.value;
    try {
      const all = await this.#data.load();
      const found = query.trim() === "" ? null : await this.#data.search(query);
      if (query !== this.#input.value) return;
      if (found === null) this.#showAll(all);
      else this.#list.replaceChildren(...(found.length > 0 ? [section("Found", found)] : []));
      slot(this.element, "none").hidden = found === null || found.length > 0;
    } catch {
      setText(slot(this.element, "name"), "The emoji could not be loaded: there is no connection.");
      return;
    }
    this.#list.scrollTop = 0;
    this.#activate(this.#list.querySelector("button"), true);
  }

  #showAll(all) {
    const byEmoji = new Map(all.map((each) => [each.emoji, each]));
    const recent = this.#recent.top(RECENT).map((emoji) => byEmoji.get(emoji) ?? { emoji, names: [""] });
    this.#whole ??= [...GROUPS].map(([group, title]) => section(title, all.filter((each) => each.group === group)));
    this.#list.replaceChildren(section("Used most", recent), ...this.#whole);
  }

  #key(event) {
    if (event.isComposing) return;
    const step = STEPS[event.key];
    const typing = this.#input.value !== "" && (event.key === "ArrowLeft" || event.key === "ArrowRight");
    if (event.key === "Enter") this.#choose(this.#active);
    else if (step !== undefined && !typing) this.#activate(this.#beside(...step) ?? this.#active, true);
    else return;
    event.preventDefault();
  }

  /** The nearest one in that direction, as they are laid out. */
  #beside(right, down) {
    const all = [...this.#list.querySelectorAll("button")];
    const at = all.indexOf(this.#active);
    if (right !== 0) return all[at + right];
    const { offsetTop: top, offsetLeft: left } = this.#active ?? { offsetTop: 0, offsetLeft: 0 };
    const rest = down > 0 ? all.slice(at + 1) : all.slice(0, Math.max(0, at)).reverse();
    const row = rest.find((each) => each.offsetTop !== top)?.offsetTop;
    const inRow = rest.filter((each) => each.offsetTop === row);
    return inRow.sort((a, b) => Math.abs(a.offsetLeft - left) - Math.abs(b.offsetLeft - left))[0];
  }

  #activate(button, scroll) {
    if (!button || button === this.#active) return;
    this.#active?.removeAttribute("aria-selected");
    this.#active?.removeAttribute("id");
    this.#active = button;
    button.id = "emoji-picker-active";
    button.setAttribute("aria-selected", "true");
    this.#input.setAttribute("aria-activedescendant", button.id);
    setText(slot(this.element, "name"), button.title);
    if (scroll) button.scrollIntoView({ block: "nearest" });
  }

  #choose(button) {
    if (!button?.isConnected) return;
    const emoji = button.textContent;
    this.#recent.used(emoji);
    this.#give(emoji);
    this.element.hidePopover();
  }

  #give(emoji) {
    this.#answer?.(emoji);
    this.#answer = null;
  }
}

function section(title, emoji) {
  const group = document.createElement("div");
  group.className = "picker__group";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", title);
  const heading = document.createElement("h3");
  heading.className = "picker__title";
  heading.textContent = title;
  const grid = document.createElement("div");
  grid.className = "picker__grid";
  grid.append(...emoji.map(option));
  group.append(heading, grid);
  return group;
}

function option({ emoji, names }) {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.className = "picker__emoji";
  button.setAttribute("role", "option");
  button.textContent = emoji;
  button.title = names[0] === "" ? "" : `:${names[0]}:`;
  return button;
}
