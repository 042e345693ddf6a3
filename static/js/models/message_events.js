const FIRST_USERS = 5;

/**
 * What each event changes of the messages that it concerns: type → [ids, change]. A change is given the message and the
 * event's data.
 */
const CHANGES = {
  "message.posted": [({ thread }) => (thread ? [thread] : []), replied],
  "message.edited": [({ id }) => [id], edited],
  "message.deleted": [({ id, thread }) => (thread ? [id, thread] : [id]), deleted],
  "attachment.ready": [({ message, attachment }) => (attachment === null ? [] : [message]), ready],
  "message.pinned": [({ message }) => [message], (message, { pinned }) => ({ ...message, pinned })],
  "message.unpinned": [({ message }) => [message], (message) => ({ ...message, pinned: null })],
  "message.previewed": [({ message }) => [message], (message, { previews }) => ({ ...message, previews })],
  "reaction.added": [({ message }) => [message], (message, data) => reacted(message, data.emoji, data.user.id, true)],
  "reaction.removed": [({ message }) => [message], (message, data) => reacted(message, data.emoji, data.user.id, false)],
};

/** @param {object} frame an event of a room's stream @returns {string[]} ids of the messages that it changes */
export function concerned({ type, data }) {
  return CHANGES[type]?.[0](data) ?? [];
}

/** @param {object} message one that `frame` concerns @returns {object} the message after it */
export function changed(message, { type, seq, data }) {
  return { ...CHANGES[type][1](message, data), as_of: seq };
}

/** @returns {object} the message once somebody reacts to it, or no more */
export function reacted(message, emoji, user, on) {
  const reactions = message.reactions ?? [];
  const users = reactions.find((each) => each.emoji === emoji)?.users ?? [];
  if (users.includes(user) === on || (on && message.deleted_at)) return message;
  const after = on ? [...users, user] : users.filter((each) => each !== user);
  const rest = reactions.map((each) => (each.emoji === emoji ? { emoji, users: after } : each));
  const all = on && users.length === 0 ? [...reactions, { emoji, users: after }] : rest;
  return { ...message, reactions: all.filter((each) => each.users.length > 0) };
}

function edited(message, { body, html, mentions, everybody, edited_at: editedAt }) {
  return { ...message, body, html, mentions, everybody, edited_at: editedAt };
}

function ready(message, { attachment }) {
  const files = message.attachments ?? [];
  return { ...message, attachments: files.map((file) => (file.id === attachment.id ? attachment : file)) };
}

function replied(root, { sender, created_at: at }) {
  const { count, users } = root.replies ?? { count: 0, users: [] };
  const first = users.includes(sender.id) ? users : [...users, sender.id].slice(0, FIRST_USERS);
  return { ...root, replies: { count: count + 1, last_at: at, users: first } };
}

/** The message itself, or the root of the thread that it was in. */
function deleted(message, { id, deleted_at: deletedAt }) {
  const nothing = { body: "", html: "", attachments: [], previews: [], reactions: [], pinned: null };
  if (message.id === id) return { ...message, ...nothing, deleted_at: deletedAt };
  return { ...message, replies: { ...message.replies, count: message.replies.count - 1 } };
}
