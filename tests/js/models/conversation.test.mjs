import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Conversation } from "../../../static/js/models/conversation.js";
import { Outbox } from "../../../static/js/models/outbox.js";
import { Session } from "../../../static/js/socket/session.js";
import { FakeClock, settled } from "../support/fake_clock.mjs";
import { MemoryStore } from "../support/memory_store.mjs";
import { ADA, message, posted } from "../support/wire.mjs";

let session;
let outbox;
let asked;
let conversation;
let told;

/** History whose answers the test gives. */
class FakeHistory {
  newest = () => this.#ask("newest");
  before = ({ seq }) => this.#ask(`before ${seq}`);
  after = ({ seq }) => this.#ask(`after ${seq}`);
  around = (seq) => this.#ask(`around ${seq}`);

  #ask(what) {
    return new Promise((resolve, reject) => asked.push({ what, resolve, fails: () => reject({ status: 503 }) }));
  }
}

const page = (seqs, { asOf = 100, hasOlder = true, hasNewer = false } = {}) => {
  return { messages: seqs.map((seq) => message(seq)), asOf, hasOlder, hasNewer };
};
const seqs = () => conversation.timeline.messages.map(({ seq }) => seq);
const ready = (seq) => session.receive({ op: "ready", epoch: "e1", streams: { "room:12": seq }, rooms: [] });

beforeEach(() => {
  session = new Session({ epoch: "e1" });
  outbox = new Outbox({ user: "3", store: new MemoryStore(), clock: new FakeClock() });
  asked = [];
  told = [];
  conversation = new Conversation({ room: "12", history: new FakeHistory(), session, outbox });
  conversation.on("posted", ({ seq }) => told.push(seq));
});

describe("the stream", () => {
  test("is followed from the page on, and each message is told once", () => {
    conversation.start({ page: page([99, 100]), live: true });
    for (const seq of [100, 101, 101]) session.receive(posted(seq));
    assert.deepEqual([seqs(), told], [[99, 100, 101], [101]]);
    assert.equal(session.resumeFields().cursors["room:12"], 101);
  });

  test("what came while the page was fetched is made up for", () => {
    const missed = [posted(100), posted(101)];
    for (const frame of missed) session.receive(frame);
    conversation.start({ page: page([99, 100]), live: true, missed });
    session.receive(posted(102));
    assert.deepEqual(seqs(), [99, 100, 101, 102]);
  });

  test("what could not be made up for is a gap, and the room is loaded again", () => {
    session.receive(posted(150));
    conversation.start({ page: page([99, 100]), live: true });
    session.receive(posted(151));
    assert.equal(asked[0].what, "newest");
  });

  test("a reset loads the newest page again, with what came meanwhile", async () => {
    conversation.start({ page: page([99, 100]), live: true });
    session.receive({ op: "reset", stream: "room:12", seq: 500 });
    assert.deepEqual([asked[0].what, seqs()], ["newest", [99, 100]]);
    session.receive(posted(501));
    asked[0].resolve(page([499, 500], { asOf: 500 }));
    await settled();
    assert.deepEqual(seqs(), [499, 500, 501]);
  });

  test("a reset while something old is read stays there", () => {
    conversation.start({ page: page([50, 51], { hasNewer: true }), live: true });
    conversation.reading = () => 50;
    session.receive({ op: "reset", stream: "room:12", seq: 500 });
    assert.equal(asked[0].what, "around 50");
  });

  test("after the end nothing is heard and nothing followed", () => {
    conversation.start({ page: page([100]), live: true });
    conversation.end();
    session.receive(posted(101));
    assert.deepEqual([seqs(), session.resumeFields().cursors], [[100], {}]);
  });
});

describe("pages", () => {
  beforeEach(() => conversation.start({ page: page([99, 100]), live: true }));

  test("one load per side at a time", async () => {
    conversation.loadOlder();
    conversation.loadOlder();
    assert.deepEqual(asked.map(({ what }) => what), ["before 99"]);
    asked[0].resolve(page([97, 98]));
    await settled();
    conversation.loadOlder();
    assert.equal(asked[1].what, "before 97");
  });

  test("a failed load is tried again when the connection is back, not before", async () => {
    const failures = [];
    conversation.on("failed", (side) => failures.push(side));
    conversation.loadOlder();
    asked[0].fails();
    await settled();
    conversation.loadOlder();
    assert.deepEqual([failures, asked.length], [["before"], 1]);
    ready(100);
    asked[1].resolve(page([97, 98], { hasOlder: false }));
    await settled();
    assert.deepEqual(seqs(), [97, 98, 99, 100]);
  });

  test("a page that was asked for before a jump is not mixed in", async () => {
    conversation.loadOlder();
    conversation.showAround(20);
    asked[1].resolve(page([20, 21], { hasNewer: true }));
    await settled();
    asked[0].resolve(page([97, 98]));
    await settled();
    assert.deepEqual(seqs(), [20, 21]);
  });

  test("little is held, however far one scrolls, and what is read stays", async () => {
    for (let first = 98; first > 0; first -= 1) {
      conversation.loadOlder();
      const seqsOfPage = Array.from({ length: 50 }, (_, index) => first * 1000 + index - 1_000_000);
      asked.at(-1).resolve(page(seqsOfPage));
      await settled();
      assert.ok(seqs().length <= 400);
      assert.equal(seqs()[0], seqsOfPage[0]);
    }
    assert.equal(conversation.timeline.hasNewer, true);
  });

  test("what piles up below somebody who reads further up is let go", () => {
    for (let seq = 101; seq <= 700; seq += 1) session.receive(posted(seq));
    conversation.trimBelow(99);
    assert.deepEqual([seqs().length, seqs()[0], conversation.timeline.hasNewer], [250, 99, true]);
  });
});

describe("own messages", () => {
  test("are shown at once, and one that the page shows already is acknowledged by it", async () => {
    outbox.add({ room: "12", body: "mine" });
    outbox.add({ room: "7", body: "elsewhere" });
    conversation.start({ page: page([100]), live: true });
    assert.deepEqual(conversation.timeline.pending.map(({ body }) => body), ["mine"]);
    const [{ id }] = conversation.timeline.pending;
    conversation.loadOlder();
    asked[0].resolve({ ...page([98]), messages: [message(98, { client_id: id, sender: ADA })] });
    await settled();
    assert.deepEqual([conversation.timeline.pending, [...outbox.rooms()]], [[], ["7"]]);
  });
});
