import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Unread } from "../../../static/js/models/unread.js";
import { ADA, deleted, event, posted } from "../support/wire.mjs";

let unread;

beforeEach(() => {
  unread = new Unread("3");
  unread.replace([
    { id: "12", read_seq: 10, unread: 0, mentions: 0 },
    { id: "7", read_seq: 5, unread: 2, mentions: 1 },
  ]);
});

const counts = (room = "12") => [unread.of(room).unread, unread.of(room).mentions];
const moved = (data) => event(100, "read.moved", { room: "12", ...data }, "user:3");

test("messages of others count, with their mentions; own and read ones do not", () => {
  unread.apply(posted(11));
  unread.apply(posted(12, { mentions: ["3"] }));
  unread.apply(posted(13, { sender: ADA }));
  unread.apply(posted(9));
  assert.deepEqual([counts(), unread.total], [[2, 1], 4]);
});

test("reading to the end clears them", () => {
  unread.apply(posted(11, { mentions: ["3"] }));
  unread.seen("12", 11);
  assert.deepEqual(counts(), [0, 0]);
});

test("reading part of them leaves what came later", () => {
  for (const seq of [11, 12, 13]) unread.apply(posted(seq));
  unread.seen("12", 12);
  assert.deepEqual(counts(), [1, 0]);
});

test("reading in another place takes the server's counts", () => {
  for (const seq of [11, 12]) unread.apply(posted(seq));
  unread.apply(moved({ seq: 12, read_seq: 12, unread: 0, mentions: 0 }));
  assert.deepEqual(counts(), [0, 0]);
});

test("counts that are older than what is here already do not hide it", () => {
  unread.apply(posted(12));
  unread.apply(moved({ seq: 11, read_seq: 11, unread: 0, mentions: 0 }));
  assert.deepEqual(counts(), [1, 0]);
});

test("marking unread puts the position back", () => {
  unread.apply(moved({ seq: 13, read_seq: 3, unread: 5, mentions: 2 }));
  assert.deepEqual([counts(), unread.of("12").readSeq], [[5, 2], 3]);
});

test("a deleted message is not unread any more", () => {
  unread.apply(posted(11, { mentions: ["3"] }));
  unread.apply(deleted(12, 11));
  assert.deepEqual(counts(), [0, 0]);
});

test("rooms come and go", () => {
  unread.apply(event(1, "room.added", { room: { id: "9", read_seq: 0, unread: 4, mentions: 0 } }, "user:3"));
  unread.apply(event(2, "room.removed", { room: "7" }, "user:3"));
  assert.equal(unread.total, 4);
});

test("the counts in ready replace all guesses", () => {
  unread.apply(posted(11));
  unread.replace([{ id: "12", read_seq: 11, unread: 0, mentions: 0 }]);
  assert.equal(unread.total, 0);
});

test("what came after the moment of the server's counts is counted on", () => {
  unread.apply(posted(11));
  unread.apply(posted(12, { mentions: ["3"] }));
  unread.put({ id: "12", seq: 11, read_seq: 10, unread: 1, mentions: 0 });
  assert.deepEqual(counts(), [2, 1]);
});
