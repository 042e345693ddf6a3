import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ThreadUnread } from "../../../static/js/models/threads.js";
import { Unread } from "../../../static/js/models/unread.js";
import { ADA, BOB, deleted, event, posted } from "../support/wire.mjs";

const ME = "3";
let threads;

beforeEach(() => {
  threads = new ThreadUnread(ME);
});

const reply = (seq, overrides = {}) => posted(seq, { thread: "m1", followers: [ME, "8"], ...overrides });
const updated = (data) => event(1, "thread.updated", { thread: "m1", room: "12", mentions: 0, ...data }, "user:3");

test("a reply counts for who follows the thread, and for nobody else", () => {
  threads.apply(reply(5));
  threads.apply(reply(6, { mentions: [ME] }));
  threads.apply(posted(7, { thread: "m2", followers: ["8"] }));
  assert.deepEqual([threads.of("m1").unread, threads.of("m1").mentions, threads.waiting], [2, 1, 1]);
  assert.equal(threads.has("m2"), false);
});

test("one's own reply is read, and one hears of the next", () => {
  threads.apply(reply(5, { sender: ADA }));
  assert.equal(threads.waiting, 0);
  threads.apply(reply(6, { sender: BOB }));
  assert.equal(threads.of("m1").unread, 1);
  threads.apply(reply(7, { sender: ADA }));
  assert.deepEqual([threads.waiting, threads.of("m1").readSeq], [0, 7]);
});

test("a reply is not unread in the room, nor gone from it", () => {
  const rooms = new Unread(ME);
  rooms.put({ id: "12", seq: 4, read_seq: 4, unread: 0, mentions: 0 });
  rooms.apply(reply(5));
  rooms.apply(event(6, "message.deleted", { ...deleted(6, 5).data, thread: "m1" }));
  assert.equal(rooms.of("12").unread, 0);
});

test("another device reads it, or hears no more of it", () => {
  threads.apply(reply(5));
  threads.apply(updated({ following: true, seq: 5, read_seq: 5, unread: 0 }));
  assert.equal(threads.waiting, 0);
  threads.apply(updated({ following: false, seq: 5, read_seq: 5, unread: 0 }));
  assert.equal(threads.has("m1"), false);
});

test("what the server lists is counted on from its number", () => {
  threads.apply(reply(9));
  threads.replace([{ root: { id: "m1" }, following: true, seq: 8, read_seq: 4, unread: 2, mentions: 1 }]);
  assert.deepEqual([threads.of("m1").unread, threads.of("m1").mentions], [3, 1]);
});

test("a deleted reply is not unread any more", () => {
  threads.apply(reply(5));
  threads.apply(event(6, "message.deleted", { ...deleted(6, 5).data, thread: "m1" }));
  assert.equal(threads.waiting, 0);
});
