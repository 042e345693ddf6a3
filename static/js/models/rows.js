const GROUP_MS = 5 * 60_000;

/**
 * What a timeline shows, top to bottom, as plain values with a stable key each.
 *
 * @typedef {object} Row
 * @property {"day" | "new" | "message"} kind
 * @property {string} key a message keeps its key from *sending* to its place in history
 * @property {string} [day] `YYYY-MM-DD` in the reader's zone
 * @property {number} [at] milliseconds since 1970, somewhere in that day
 * @property {object} [message] a message of the wire, or an outbox entry in the same shape
 * @property {boolean} [joined] continues the previous line's group
 */

/**
 * @param {object} parts
 * @param {readonly object[]} parts.messages
 * @param {readonly object[]} parts.pending
 * @param {object} parts.me the sender of what is pending
 * @param {number | null} parts.newAfter the divider stands before the first message of others after this number
 * @param {boolean} parts.hasOlder
 * @param {boolean} parts.hasNewer pending messages stand at the end of history, so they show only there
 * @param {(ms: number) => string} parts.dayOf
 * @returns {Row[]}
 */
export function buildRows({ messages, pending, me, newAfter, hasOlder, hasNewer, dayOf }) {
  const end = Date.parse(messages.at(-1)?.created_at ?? 0);
  const lines = hasNewer ? [...messages] : [...messages, ...pending.map((entry) => asMessage(entry, me, end))];
  const firstNew = findFirstNew(lines, { me, newAfter, hasOlder });
  const rows = [];
  let previous = null;
  lines.forEach((message, index) => {
    const at = Date.parse(message.created_at);
    const day = dayOf(at);
    let joined = previous !== null && continues(previous, message);
    if (previous?.day !== day) {
      rows.push({ kind: "day", key: dayKey(rows, day), day, at });
      joined = false;
    }
    if (index === firstNew) {
      rows.push({ kind: "new", key: "new" });
      joined = false;
    }
    rows.push({ kind: "message", key: message.client_id ?? message.id, message, joined });
    previous = { day, at, message };
  });
  return rows;
}

/** A day stands twice when history is not in the order of time. */
function dayKey(rows, day) {
  const times = rows.filter((row) => row.day === day).length;
  return times === 0 ? `day:${day}` : `day:${day}:${times}`;
}

function findFirstNew(lines, { me, newAfter, hasOlder }) {
  if (newAfter === null || lines.length === 0) return -1;
  // In a window that begins after that number, the first new message may lie above.
  if (hasOlder && lines[0].seq > newAfter) return -1;
  return lines.findIndex(({ seq, sender, deleted_at: gone }) => seq > newAfter && sender.id !== me.id && !gone);
}

function continues({ at, message: previous }, message) {
  return (
    previous.sender.id === message.sender.id &&
    Date.parse(message.created_at) - at < GROUP_MS &&
    !previous.deleted_at &&
    !message.deleted_at &&
    !message.reply_to
  );
}

/** Clocks may run apart: what is pending is never older than what was said before it. */
function asMessage(entry, me, end) {
  return {
    id: entry.message ?? null,
    client_id: entry.id,
    seq: entry.seq ?? Infinity,
    sender: me,
    body: entry.body,
    html: null,
    reply_to: entry.reply_to,
    attachments: entry.attachments ?? [],
    created_at: new Date(Math.max(entry.order, end)).toISOString(),
    edited_at: null,
    deleted_at: null,
    state: entry.state,
    error: entry.error,
  };
}
