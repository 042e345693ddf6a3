import { clone, setText, slot } from "../lib/dom.js";

/** What stands under a message that the server rendered: `reactions` and `replies` as on the wire. */
export function readMarks(element) {
  const reactions = [...element.querySelectorAll(":scope > .message__reactions > .reaction[data-emoji]")];
  const { count, lastAt, users } = slot(element, "thread")?.dataset ?? {};
  return {
    reactions: reactions.map(({ dataset }) => ({ emoji: dataset.emoji, users: dataset.users.split(" ") })),
    replies: count === undefined ? null : { count: Number(count), last_at: lastAt, users: users.split(" ") },
  };
}

/** The reactions under a message, one's own marked. @param {string} me the reader's user id */
export function drawReactions(element, { reactions = [] }, me) {
  const list = slot(element, "reactions");
  if (reactions.length === 0) list?.remove();
  if (reactions.length === 0) return;
  fill(list ?? append(element, clone("reactions-template")), reactions, me);
}

function fill(list, reactions, me) {
  const shown = new Map([...list.querySelectorAll("[data-emoji]")].map((each) => [each.dataset.emoji, each]));
  let next = list.firstElementChild;
  for (const { emoji, users } of reactions) {
    const button = shown.get(emoji) ?? clone("reaction-template");
    shown.delete(emoji);
    if (button === next) next = next.nextElementSibling;
    else list.insertBefore(button, next);
    fillOne(button, emoji, users, users.includes(me));
  }
  for (const gone of shown.values()) gone.remove();
}

function fillOne(button, emoji, users, mine) {
  button.dataset.emoji = emoji;
  button.dataset.users = users.join(" ");
  button.classList.toggle("reaction--mine", mine);
  button.setAttribute("aria-pressed", String(mine));
  setText(slot(button, "emoji"), emoji);
  setText(slot(button, "count"), String(users.length));
}

/** How many replies the message's thread has, when the last came, and whether the reader has some unread. */
export function drawThread(element, { id, replies }, { roomUrl, times, unread }) {
  const link = slot(element, "thread");
  const count = replies?.count ?? 0;
  if (count === 0) link?.remove();
  if (count === 0) return;
  const shown = link ?? append(element, clone("thread-link-template"));
  const last = Date.parse(replies.last_at);
  shown.classList.toggle("message__thread--unread", unread > 0);
  shown.href = `${roomUrl}${id}/thread/`;
  setText(slot(shown, "replies"), repliesText(count));
  const time = slot(shown, "last-reply");
  time.dateTime = replies.last_at;
  time.title = times.full(last);
  setText(time, times.short(last));
}

/** @returns {string} `3 replies` */
export function repliesText(count) {
  return count === 1 ? "1 reply" : `${count} replies`;
}

/** The toolbar comes last, wherever it is just now. */
function append(element, mark) {
  const before = slot(element, "edited");
  const after = mark.dataset.slot === "thread" ? (slot(element, "reactions") ?? before) : before;
  after.after(mark);
  return mark;
}
