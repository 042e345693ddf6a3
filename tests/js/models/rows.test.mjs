import assert from "node:assert/strict";
import { test } from "node:test";

import { Times } from "../../../static/js/lib/times.js";
import { buildRows } from "../../../static/js/models/rows.js";
import { ADA, BOB, message } from "../support/wire.mjs";

const utc = new Times({ zone: "UTC" });

function rows(messages, { pending = [], newAfter = null, hasOlder = false, hasNewer = false, times = utc } = {}) {
  const built = buildRows({ messages, pending, me: ADA, newAfter, hasOlder, hasNewer, dayOf: (ms) => times.day(ms) });
  return built.map(({ kind, day, message: of, joined }) => {
    if (kind === "day") return day;
    return kind === "new" ? "new" : `${of.id ?? of.client_id}${joined ? "+" : ""}`;
  });
}

const at = (seq, time, overrides = {}) => message(seq, { created_at: `2026-03-03T${time}Z`, ...overrides });

test("one author's lines within five minutes are one group", () => {
  const messages = [at(1, "09:00:00"), at(2, "09:04:59"), at(3, "09:09:59"), at(4, "09:10:00", { sender: ADA })];
  assert.deepEqual(rows(messages), ["2026-03-03", "m1", "m2+", "m3", "m4"]);
});

test("replies and deleted messages stand alone", () => {
  const messages = [
    at(1, "09:00:00"),
    at(2, "09:00:01", { reply_to: "m1" }),
    at(3, "09:00:02"),
    at(4, "09:00:03", { deleted_at: "2026-03-03T10:00:00Z" }),
    at(5, "09:00:04"),
  ];
  assert.deepEqual(rows(messages), ["2026-03-03", "m1", "m2", "m3+", "m4", "m5"]);
});

test("days are the reader's", () => {
  const messages = [at(1, "22:59:00"), at(2, "23:01:00")];
  assert.deepEqual(rows(messages), ["2026-03-03", "m1", "m2+"]);
  const berlin = new Times({ zone: "Europe/Berlin" });
  assert.deepEqual(rows(messages, { times: berlin }), ["2026-03-03", "m1", "2026-03-04", "m2"]);
});

test("the divider stands before the first new message of somebody else, and parts groups", () => {
  const messages = [at(1, "09:00:00"), at(2, "09:00:01", { sender: ADA }), at(3, "09:00:02"), at(4, "09:00:03")];
  assert.deepEqual(rows(messages, { newAfter: 1 }), ["2026-03-03", "m1", "m2", "new", "m3", "m4+"]);
  assert.deepEqual(rows(messages, { newAfter: 3 }), ["2026-03-03", "m1", "m2", "m3", "new", "m4"]);
  assert.deepEqual(rows(messages, { newAfter: 4 }), ["2026-03-03", "m1", "m2", "m3", "m4+"]);
});

test("the divider is not shown at the top of a window that may begin after it", () => {
  const messages = [at(5, "09:00:00"), at(6, "09:00:01")];
  assert.deepEqual(rows(messages, { newAfter: 0, hasOlder: true }), ["2026-03-03", "m5", "m6+"]);
  assert.deepEqual(rows(messages, { newAfter: 0 }), ["2026-03-03", "new", "m5", "m6+"]);
});

test("what is pending stands at the end of history, and only there", () => {
  const order = Date.parse("2026-03-03T09:01:00Z");
  const pending = [{ id: "mine", order, body: "hi", reply_to: null, state: "sending", error: null }];
  const messages = [at(1, "09:00:00", { sender: ADA })];
  assert.deepEqual(rows(messages, { pending }), ["2026-03-03", "m1", "mine+"]);
  assert.deepEqual(rows(messages, { pending, hasNewer: true }), ["2026-03-03", "m1"]);
});

test("a message keeps its key from sending to history", () => {
  const options = { me: ADA, newAfter: null, hasOlder: false, hasNewer: false, dayOf: (ms) => utc.day(ms) };
  const pending = [{ id: "c9", order: 1, body: "hi", reply_to: null, state: "sending", error: null }];
  const before = buildRows({ ...options, messages: [], pending }).at(-1).key;
  const after = buildRows({ ...options, messages: [message(9, { sender: BOB })], pending: [] }).at(-1).key;
  assert.equal(before, after);
});
