import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Timeline } from "../../../static/js/models/timeline.js";
import { ADA, deleted, edited, event, message, posted } from "../support/wire.mjs";

let timeline;

beforeEach(() => {
  timeline = new Timeline();
  timeline.load({ messages: [message(5), message(6)], asOf: 6, hasOlder: true, hasNewer: false });
});

const seqs = () => timeline.messages.map(({ seq }) => seq);
const body = (seq) => timeline.find(`m${seq}`).body;
const entry = (id, order = 1) => ({ id, order, room: "12", body: "mine", reply_to: null, state: "sending", error: null });

describe("live", () => {
  test("messages join at the end, each once", () => {
    for (const frame of [posted(7), posted(7), posted(6), posted(8)]) timeline.apply(frame);
    assert.deepEqual(seqs(), [5, 6, 7, 8]);
  });

  test("an edit and a delete change the message in its place", () => {
    timeline.apply(edited(7, 5, "better"));
    timeline.apply(deleted(8, 6));
    assert.deepEqual([body(5), body(6)], ["better", ""]);
    assert.ok(timeline.find("m6").deleted_at);
    assert.ok(timeline.find("m5").edited_at);
  });

  test("other events only move the position", () => {
    timeline.apply(event(7, "member.joined", {}));
    timeline.apply(event(8, "something.new", {}));
    assert.deepEqual([timeline.position, seqs()], [8, [5, 6]]);
  });

  test("a gap is refused and changes nothing", () => {
    assert.equal(timeline.apply(posted(9)), false);
    assert.deepEqual([timeline.position, seqs()], [6, [5, 6]]);
  });
});

describe("pages of history", () => {
  test("older ones go before, without doubles where they overlap", () => {
    timeline.addOlder({ messages: [message(3), message(4), message(5)], asOf: 6, hasOlder: false });
    assert.deepEqual([seqs(), timeline.hasOlder], [[3, 4, 5, 6], false]);
  });

  test("what was edited or deleted while the page was on its way stays so", () => {
    timeline.apply(edited(7, 3, "better"));
    timeline.apply(deleted(8, 4));
    timeline.addOlder({ messages: [message(3), message(4)], asOf: 6, hasOlder: false });
    assert.deepEqual([body(3), body(4)], ["better", ""]);
  });

  test("a page newer than the live stream is not undone by older events that follow", () => {
    timeline.addOlder({ messages: [message(4, { body: "second edit" })], asOf: 8, hasOlder: true });
    timeline.apply(edited(7, 4, "first edit"));
    assert.equal(body(4), "second edit");
  });

  test("a reload keeps messages that came while it was on its way", () => {
    timeline.apply(posted(7));
    timeline.load({ messages: [message(5), message(6)], asOf: 6, hasOlder: true, hasNewer: false });
    assert.deepEqual([seqs(), timeline.position], [[5, 6, 7], 7]);
  });

  test("a reload that is ahead of the stream makes the events on the way repeats", () => {
    timeline.load({ messages: [message(7), message(8)], asOf: 9, hasOlder: true, hasNewer: false });
    for (const seq of [7, 8]) timeline.apply(posted(seq));
    timeline.apply(event(9, "member.joined", {}));
    timeline.apply(posted(10));
    assert.deepEqual(seqs(), [7, 8, 10]);
  });
});

describe("a window in the middle of history", () => {
  beforeEach(() => {
    timeline = new Timeline();
    timeline.load({ messages: [message(20), message(21)], asOf: 90, hasOlder: true, hasNewer: true });
  });

  test("live messages do not stand beside old ones", () => {
    timeline.apply(posted(91));
    assert.deepEqual(seqs(), [20, 21]);
  });

  test("loading forward to the end brings those that came meanwhile", () => {
    for (const seq of [91, 92]) timeline.apply(posted(seq));
    timeline.apply(edited(93, 91, "better"));
    timeline.addNewer({ messages: [message(22), message(90)], asOf: 90, hasNewer: false });
    assert.deepEqual(seqs(), [20, 21, 22, 90, 91, 92]);
    assert.equal(body(91), "better");
    timeline.apply(posted(94));
    assert.deepEqual(seqs().at(-1), 94);
  });

  test("more live messages than are kept mean loading on, never a hole", () => {
    for (let seq = 91; seq <= 700; seq += 1) timeline.apply(posted(seq));
    timeline.addNewer({ messages: [message(22), message(90)], asOf: 90, hasNewer: false });
    assert.equal(timeline.hasNewer, true);
    const rest = Array.from({ length: 610 }, (_, index) => message(91 + index));
    timeline.addNewer({ messages: rest, asOf: 700, hasNewer: false });
    assert.deepEqual([timeline.hasNewer, seqs().at(-1), seqs().length], [false, 700, 614]);
  });
});

describe("letting go of what is far away", () => {
  test("the newest can be dropped and come back, with what came meanwhile", () => {
    timeline.dropNewest(1);
    assert.deepEqual([seqs(), timeline.hasNewer], [[5], true]);
    timeline.apply(posted(7));
    timeline.addNewer({ messages: [message(6)], asOf: 6, hasNewer: false });
    assert.deepEqual(seqs(), [5, 6, 7]);
  });

  test("the oldest can be dropped", () => {
    timeline.addOlder({ messages: [message(4)], asOf: 6, hasOlder: false });
    timeline.dropOldest(2);
    assert.deepEqual([seqs(), timeline.hasOlder], [[6], true]);
  });

  test("after a restart nothing is trusted, and events since then are kept for the page", () => {
    timeline.restart(100);
    timeline.apply(posted(101));
    timeline.load({ messages: [message(99)], asOf: 100, hasOlder: true, hasNewer: false });
    assert.deepEqual([seqs(), timeline.position], [[99, 101], 101]);
  });
});

describe("own messages on their way", () => {
  const bodiesPending = () => timeline.pending.map(({ id, state }) => `${id} ${state}`);

  test("they stand in the order of writing until their event takes their place", () => {
    timeline.addPending(entry("c8", 2));
    timeline.addPending(entry("c7", 1));
    assert.deepEqual(bodiesPending(), ["c7 sending", "c8 sending"]);
    timeline.apply(posted(7, { sender: ADA }));
    assert.deepEqual([bodiesPending(), seqs()], [["c8 sending"], [5, 6, 7]]);
  });

  test("the ok before the event: sent, still shown once", () => {
    timeline.addPending(entry("c7"));
    timeline.pendingSent("c7", { message: "m7", seq: 7 });
    assert.deepEqual(bodiesPending(), ["c7 sent"]);
    timeline.apply(posted(7, { sender: ADA }));
    assert.deepEqual([bodiesPending(), seqs()], [[], [5, 6, 7]]);
  });

  test("the event before the ok: shown once", () => {
    timeline.addPending(entry("c7"));
    timeline.apply(posted(7, { sender: ADA }));
    timeline.pendingSent("c7", { message: "m7", seq: 7 });
    assert.deepEqual([bodiesPending(), seqs()], [[], [5, 6, 7]]);
  });

  test("one that the page of history holds already is not shown again", () => {
    timeline.addPending(entry("c6"));
    assert.deepEqual(bodiesPending(), []);
    timeline.addPending(entry("c4"));
    timeline.addOlder({ messages: [message(4)], asOf: 6, hasOlder: true });
    assert.deepEqual(bodiesPending(), []);
  });

  test("a repeat that is acknowledged with an old number is not shown again", () => {
    timeline.addPending(entry("c2"));
    timeline.pendingSent("c2", { message: "m2", seq: 2 });
    assert.deepEqual(bodiesPending(), []);
  });
});

describe("old snapshot plus events equals fresh snapshot", () => {
  test("wherever the snapshot was taken, and however much of it is replayed", () => {
    const log = [posted(1), posted(2), edited(3, 1, "x"), posted(4), deleted(5, 2), edited(6, 4, "y"), edited(7, 1, "z")];
    const fresh = stateAfter(log, 0, log.length);
    for (let asOf = 0; asOf <= log.length; asOf += 1) {
      for (let from = 0; from <= asOf; from += 1) {
        const replayed = new Timeline();
        replayed.load({ messages: snapshot(log, asOf), asOf, hasOlder: false, hasNewer: false });
        for (const frame of log.slice(from)) assert.equal(replayed.apply(frame), true);
        assert.deepEqual(view(replayed), fresh, `snapshot at ${asOf}, replay from ${from + 1}`);
      }
    }
  });

  const view = (of) => of.messages.map(({ id, body: words, deleted_at: gone }) => [id, words, gone !== null]);
  const snapshot = (log, asOf) => {
    const taken = new Timeline();
    for (const frame of log.slice(0, asOf)) taken.apply(frame);
    return taken.messages.map((held) => ({ ...held }));
  };
  const stateAfter = (log, from, to) => {
    const reached = new Timeline();
    for (const frame of log.slice(from, to)) reached.apply(frame);
    return view(reached);
  };
});
