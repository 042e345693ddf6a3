import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Session } from "../../../static/js/socket/session.js";
import { event, posted } from "../support/wire.mjs";

let session;
let heard;

beforeEach(() => {
  session = new Session({ epoch: "e1" });
  heard = [];
  session.on("event", (frame) => heard.push(`${frame.stream}#${frame.seq}`));
  session.on("reset", (stream, seq) => heard.push(`reset ${stream} ${seq}`));
  session.on("lost", (stream) => heard.push(`lost ${stream}`));
  session.follow("user:3", 99);
  session.follow("room:12", 840);
});

const ready = (streams, epoch = "e1") => ({ op: "ready", ref: "resume", epoch, streams, rooms: [], online: [] });

test("resume carries the epoch and the cursors of what is followed", () => {
  session.receive(event(5, "message.posted", {}, "room:99"));
  assert.deepEqual(session.resumeFields(), { epoch: "e1", cursors: { "user:3": 99, "room:12": 840 } });
});

test("a first visit has neither", () => {
  assert.deepEqual(new Session().resumeFields(), {});
});

test("each event is heard once, in order", () => {
  for (const seq of [840, 841, 841, 842, 841]) assert.equal(session.receive(posted(seq)), true);
  assert.deepEqual(heard, ["room:12#841", "room:12#842"]);
  assert.equal(session.cursor("room:12"), 842);
});

test("a missing event is noticed and nothing after it is taken", () => {
  assert.equal(session.receive(posted(842)), false);
  assert.deepEqual(heard, []);
  assert.equal(session.cursor("room:12"), 840);
});

test("unknown event types move the cursor like any other; unknown ops do nothing", () => {
  session.receive(event(841, "something.new", { odd: true }));
  assert.equal(session.receive({ op: "weather", sunny: true }), true);
  assert.equal(session.cursor("room:12"), 841);
});

test("a reset moves the cursor and asks for a reload", () => {
  session.receive({ op: "reset", stream: "room:12", seq: 2000 });
  session.receive(posted(2001));
  assert.deepEqual(heard, ["reset room:12 2000", "room:12#2001"]);
});

test("ready gives positions to all streams, and followed ones that it left behind are reloaded", () => {
  session.receive(ready({ "user:3": 99, "room:12": 845, "room:7": 20 }));
  assert.deepEqual(heard, ["reset room:12 845"]);
  assert.equal(session.receive(event(21, "message.posted", {}, "room:7")), true);
});

test("a stream that is not followed starts at its head after a pause, without a gap", () => {
  session.receive(ready({ "user:3": 99, "room:12": 840, "room:7": 20 }));
  session.resumeFields();
  assert.equal(session.receive(event(35, "message.posted", {}, "room:7")), true);
});

test("it tells when there were events that are not told any more", () => {
  let skipped = 0;
  session.on("skipped", () => (skipped += 1));
  const streams = { "user:3": 99, "room:12": 840, "room:7": 20 };
  const again = (changes) => {
    skipped = 0;
    session.resumeFields();
    session.receive(ready({ ...streams, ...changes }));
    return skipped;
  };
  assert.equal(again({}), 1); // nothing is known of room 7 yet
  assert.equal(again({}), 0);
  session.receive(event(21, "message.posted", {}, "room:7"));
  assert.equal(again({ "room:7": 21 }), 0);
  assert.equal(again({ "room:7": 22 }), 1);
  assert.equal(again({ "room:7": 22, "room:8": 4 }), 1);
  skipped = 0;
  session.receive({ op: "reset", stream: "room:12", seq: 2000 });
  assert.equal(skipped, 1);
});

test("a new epoch reloads what did not reset by itself, and is sent from then on", () => {
  session.receive({ op: "reset", stream: "room:12", seq: 10 });
  session.receive(ready({ "user:3": 4, "room:12": 10 }, "e2"));
  assert.deepEqual(heard, ["reset room:12 10", "reset user:3 4"]);
  assert.deepEqual(session.resumeFields(), { epoch: "e2", cursors: { "user:3": 4, "room:12": 10 } });
});

test("a room that was added is live from its number", () => {
  session.receive(event(100, "room.added", { room: { id: "7", seq: 30 } }, "user:3"));
  assert.equal(session.receive(event(32, "message.posted", {}, "room:7")), false);
  assert.equal(session.receive(event(31, "message.posted", {}, "room:7")), true);
});

test("a room that was removed is lost, and not asked for again", () => {
  session.receive(event(100, "room.removed", { room: "12" }, "user:3"));
  assert.deepEqual(heard, ["lost room:12", "user:3#100"]);
  assert.deepEqual(session.resumeFields().cursors, { "user:3": 100 });
});

test("a followed room that ready does not know any more is lost", () => {
  session.receive(ready({ "user:3": 99 }));
  assert.deepEqual(heard, ["lost room:12"]);
});
