export const ADA = { id: "3", username: "ada", name: "Ada L.", hue: 4, is_bot: false };
export const BOB = { id: "8", username: "bob", name: "Bob", hue: 7, is_bot: false };

const START = Date.parse("2026-11-22T09:00:00.000Z");

/** A message of room 12 as the wire has it; a minute later for each number. */
export function message(seq, overrides = {}) {
  return {
    id: `m${seq}`,
    client_id: `c${seq}`,
    room: "12",
    seq,
    sender: BOB,
    body: `words ${seq}`,
    html: `<p>words ${seq}</p>`,
    reply_to: null,
    mentions: [],
    attachments: [],
    created_at: new Date(START + seq * 60_000).toISOString(),
    edited_at: null,
    deleted_at: null,
    ...overrides,
  };
}

export function posted(seq, overrides = {}) {
  return event(seq, "message.posted", message(seq, overrides));
}

export function edited(seq, target, body) {
  const data = { id: `m${target}`, room: "12", seq: target, body, html: `<p>${body}</p>`, mentions: [] };
  return event(seq, "message.edited", { ...data, edited_at: "2026-11-22T12:00:00.000Z" });
}

export function deleted(seq, target, sender = "8") {
  const data = { id: `m${target}`, room: "12", seq: target, sender, deleted_at: "2026-11-22T12:00:00.000Z" };
  return event(seq, "message.deleted", data);
}

export function event(seq, type, data, stream = "room:12") {
  return { op: "event", stream, seq, type, at: "2026-11-22T12:00:00.000Z", data };
}
