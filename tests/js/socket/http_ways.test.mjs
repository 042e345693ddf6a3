import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { EventStream } from "../../../static/js/socket/event_stream.js";
import { LongPoll } from "../../../static/js/socket/long_poll.js";
import { Slots } from "../../../static/js/socket/slots.js";
import { FakeApi, FakeBody } from "../support/fake_api.mjs";
import { FakeClock, settled } from "../support/fake_clock.mjs";
import { FreeLocks } from "../support/fake_tabs.mjs";
import { ADA, BOB, posted } from "../support/wire.mjs";

const HELLO = { op: "hello", epoch: "e1", user: ADA };
const READY = { op: "ready", ref: null, epoch: "e1", streams: { "room:12": 841, "room:13": 5 }, rooms: [], online: [] };
const RESUME = { epoch: "e1", cursors: { "room:12": 840 } };

let api;
let clock;
let said;
let way;
let slots;

beforeEach(() => {
  slots = new Slots({ locks: null, name: "slot" });
  api = new FakeApi();
  clock = new FakeClock();
  said = [];
});

async function open(Way) {
  way = new Way({ api, clock, slots, resumeFields: () => RESUME });
  way.addEventListener("open", () => said.push("open"));
  way.addEventListener("message", ({ data }) => said.push(JSON.parse(data)));
  way.addEventListener("close", ({ code }) => said.push(code));
  await settled();
}

describe("a stream of events", () => {
  let body;

  async function begin() {
    await open(EventStream);
    body = new FakeBody();
    api.to("stream/").answer(200, body.stream);
    await settled();
  }

  const line = (frame) => `data: ${JSON.stringify(frame)}\n\n`;

  test("begins with the cursors, and brings frames as they come", async () => {
    await begin();
    assert.deepEqual(api.to("stream/").body, RESUME);
    body.writes(line(HELLO) + line(READY));
    await settled();
    assert.deepEqual(said, ["open", HELLO, READY]);
  });

  test("a frame may come in pieces, cut within a character", async () => {
    await begin();
    const frame = posted(841, { body: "für 🐱" });
    for (const byte of new TextEncoder().encode(line(frame))) body.writesBytes(new Uint8Array([byte]));
    await settled();
    assert.deepEqual(said.at(-1), frame);
  });

  test("a comment is a sign of life", async () => {
    await begin();
    body.writes(":\n\n");
    await settled();
    assert.deepEqual(said.at(-1), { op: "pong" });
  });

  test("the last frame is the close code; an end without one is a broken connection", async () => {
    await begin();
    body.writes(line({ op: "close", code: 4403, reason: "revoked" }));
    await settled();
    assert.equal(said.at(-1), 4403);
    await begin();
    body.ends();
    await settled();
    assert.equal(said.at(-1), 1006);
  });

  for (const [status, code] of [
    [401, 4401],
    [403, 4401],
    [429, 1013],
    [503, 1013],
    [404, 1006],
    [502, 1006],
  ]) {
    test(`${status} is what a socket calls ${code}`, async () => {
      await open(EventStream);
      api.to("stream/").answer(status, "{}");
      await settled();
      assert.deepEqual(said, [code]);
    });
  }

  test("no answer is a broken connection; after closing nothing is said", async () => {
    await open(EventStream);
    api.to("stream/").fail();
    await settled();
    assert.deepEqual(said, [1006]);
    await begin();
    way.close();
    await settled();
    assert.equal(said.at(-1), "open");
    assert.equal(api.to("stream/").signal.aborted, true);
  });
});

describe("commands", () => {
  test("go out as requests, those together that come meanwhile, and their answers are frames", async () => {
    await open(EventStream);
    way.send(JSON.stringify({ op: "resume", ref: "resume" }));
    for (const ref of ["1", "2", "3"]) way.send(JSON.stringify({ op: "read", ref }));
    assert.deepEqual(api.to("commands/").body, [{ op: "read", ref: "1" }]);
    api.to("commands/").answer([{ op: "ok", ref: "1" }]);
    await settled();
    assert.deepEqual(
      api.to("commands/").body.map(({ ref }) => ref),
      ["2", "3"],
    );
    assert.deepEqual(said, [{ op: "ok", ref: "1" }]);
  });

  test("many long ones go out in several requests", async () => {
    await open(EventStream);
    const body = "x".repeat(16_000);
    for (let number = 0; number < 10; number += 1) way.send(JSON.stringify({ op: "post", ref: `${number}`, body }));
    const sizes = [];
    while (api.to("commands/").body.at(-1).ref !== "9") {
      sizes.push(api.to("commands/").body.length);
      api.to("commands/").answer([]);
      await settled();
    }
    assert.deepEqual(sizes, [1, 3, 3]);
  });

  test("are refused together, or lost with the connection", async () => {
    await open(EventStream);
    way.send(JSON.stringify({ op: "read", ref: "1" }));
    api.to("commands/").refuse({ status: 503, code: "unavailable", detail: "later" });
    await settled();
    assert.deepEqual(said, [{ op: "error", ref: "1", code: "unavailable", detail: "later" }]);
    way.send(JSON.stringify({ op: "read", ref: "2" }));
    api.to("commands/").refuse({ status: 0 });
    await settled();
    assert.equal(said.at(-1), 1006);
  });
});

describe("a long poll", () => {
  const answer = async (...frames) => {
    api.to("poll/").answer(200, JSON.stringify({ frames }));
    await settled();
  };

  test("asks at once, then waits from where it is told it was", async () => {
    await open(LongPoll);
    assert.deepEqual(api.to("poll/").body, { ...RESUME, wait: 0 });
    await answer(HELLO, posted(841), READY);
    assert.deepEqual(said, ["open", HELLO, posted(841), READY]);
    assert.deepEqual(api.to("poll/").body, { epoch: "e1", cursors: READY.streams, wait: 25 });
    await answer(HELLO, { ...READY, streams: { "room:12": 841, "room:13": 5 } }, posted(842));
    assert.deepEqual(said.at(-1), posted(842));
    assert.equal(said.filter(({ op }) => op === "hello").length, 1);
    assert.equal(api.to("poll/").body.cursors["room:12"], 842);
  });

  test("an answer that is not all of it is followed by the next", async () => {
    await open(LongPoll);
    await answer(HELLO, posted(841));
    assert.equal(api.to("poll/").body.cursors["room:12"], 841);
    await answer(HELLO, READY);
    assert.deepEqual(said.at(-1), READY);
  });

  test("one that gets no answer in time is a broken connection", async () => {
    await open(LongPoll);
    await answer(HELLO, READY);
    await clock.pass(34_000);
    assert.deepEqual(said.at(-1), READY);
    await clock.pass(1_000);
    assert.equal(said.at(-1), 1006);
  });

  test("what comes for somebody else is not for this page", async () => {
    await open(LongPoll);
    await answer(HELLO, READY);
    await answer({ ...HELLO, user: BOB }, posted(842));
    assert.equal(said.at(-1), 1006);
  });

  test("a ping goes by a request", async () => {
    await open(LongPoll);
    way.send(JSON.stringify({ op: "ping" }));
    assert.deepEqual(api.to("commands/").body, [{ op: "ping" }]);
  });

  test("the last frame is the close code", async () => {
    await open(LongPoll);
    await answer(HELLO, { op: "bye", code: "restart", retry_ms: [0, 8000] }, { op: "close", code: 1012, reason: "restart" });
    assert.equal(said.at(-1), 1012);
    assert.equal(said.at(-2).op, "bye");
  });
});

describe("more tabs than a browser has connections for", () => {
  test("four keep one; the fifth asks every five seconds, until one is free", async () => {
    const locks = new FreeLocks();
    slots = new Slots({ locks, name: "slot" });
    const others = [];
    for (let number = 0; number < 4; number += 1) others.push(await slots.take());
    await open(EventStream);
    assert.deepEqual([said, api.asked], [[1006], []]);
    said = [];
    await open(LongPoll);
    const answer = async () => {
      api.to("poll/").answer(200, JSON.stringify({ frames: [HELLO, READY] }));
      await settled();
    };
    await answer();
    assert.equal(api.asked.length, 1);
    await clock.pass(5_000);
    assert.equal(api.to("poll/").body.wait, 0);
    others[2]();
    await answer();
    assert.equal(api.to("poll/").body.wait, 25);
    assert.equal(await slots.take(), null);
    way.close();
    await settled();
    assert.notEqual(await slots.take(), null);
    assert.deepEqual(said, ["open", HELLO, READY, READY]);
  });
});
