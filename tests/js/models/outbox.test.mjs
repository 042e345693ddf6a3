import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Courier } from "../../../static/js/models/courier.js";
import { Outbox } from "../../../static/js/models/outbox.js";
import { Refusal } from "../../../static/js/socket/refusal.js";
import { FakeClock, settled } from "../support/fake_clock.mjs";
import { FakeChannelHub, FakeLocks } from "../support/fake_tabs.mjs";
import { MemoryStore } from "../support/memory_store.mjs";

let clock;
let store;
let locks;
let hub;
let posts;

beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryStore();
  locks = new FakeLocks();
  hub = new FakeChannelHub();
  posts = [];
});

/** One tab of a person: an outbox, its courier, and what the page would show. */
function openTab({ user = "3", withLocks = true } = {}) {
  const tab = { shown: new Map(), sent: [] };
  const parts = { user, store, channel: hub.channel(), clock };
  tab.outbox = new Outbox(parts);
  tab.outbox.on("added", (entry) => tab.shown.set(entry.body, entry.state));
  tab.outbox.on("changed", (entry) => tab.shown.set(entry.body, entry.state));
  tab.outbox.on("removed", (entry) => tab.shown.delete(entry.body));
  tab.outbox.on("sent", (entry, answer) => {
    tab.shown.delete(entry.body);
    tab.sent.push([entry.body, answer.seq]);
  });
  const post = (entry) =>
    new Promise((resolve, reject) => posts.push({ tab, entry, ok: (seq) => resolve({ message: `m${seq}`, seq }), reject }));
  tab.courier = new Courier({ outbox: tab.outbox, post, lockName: `outbox:${user}`, locks: withLocks ? locks : null, clock });
  return tab;
}

const bodies = () => posts.map(({ entry }) => entry.body);
const refuse = (index, code, retry_after) => posts[index].reject(new Refusal({ code, detail: `${code}!`, retry_after }));

describe("one tab", () => {
  test("a message shows at once, is kept, sent and let go when acknowledged", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    const entry = tab.outbox.add({ room: "12", body: "hello" });
    assert.equal(tab.shown.get("hello"), "sending");
    await settled();
    assert.deepEqual([...store.entries.keys()], [entry.id]);
    assert.equal(posts[0].entry.id, entry.id);
    posts[0].ok(7);
    await settled();
    assert.deepEqual([tab.sent, tab.shown.size, store.entries.size], [[["hello", 7]], 0, 0]);
  });

  test("nothing is sent before it is kept", async () => {
    const tab = openTab();
    let keep;
    store.put = (entry) => new Promise((resolve) => (keep = () => resolve(store.entries.set(entry.id, entry))));
    tab.courier.setReady(true);
    tab.outbox.add({ room: "12", body: "hello" });
    await settled();
    assert.deepEqual(posts, []);
    keep();
    await settled();
    assert.deepEqual(bodies(), ["hello"]);
  });

  test("a room's messages go one after another, in the order of writing; rooms do not wait for each other", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    for (const body of ["a1", "a2"]) tab.outbox.add({ room: "12", body });
    tab.outbox.add({ room: "7", body: "b1" });
    await settled();
    assert.deepEqual(bodies(), ["a1", "b1"]);
    posts[0].ok(1);
    await settled();
    assert.deepEqual(bodies(), ["a1", "b1", "a2"]);
  });

  test("what was unanswered is sent again with the same id after the connection is back", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    tab.outbox.add({ room: "12", body: "hello" });
    await settled();
    tab.courier.setReady(false);
    refuse(0, "disconnected");
    await clock.pass(60_000);
    assert.equal(posts.length, 1);
    tab.courier.setReady(true);
    await settled();
    assert.equal(posts[1].entry.id, posts[0].entry.id);
    assert.equal(tab.shown.get("hello"), "sending");
  });

  test("what an earlier page left behind is shown and sent", async () => {
    openTab().outbox.add({ room: "12", body: "before the reload" });
    await settled();
    const tab = openTab();
    await tab.outbox.open();
    assert.equal(tab.shown.get("before the reload"), "sending");
    tab.courier.setReady(true);
    await settled();
    assert.deepEqual(bodies(), ["before the reload"]);
  });

  test("another person in the same browser neither sees nor sends it", async () => {
    openTab({ user: "3" }).outbox.add({ room: "12", body: "Ada's" });
    await settled();
    const tab = openTab({ user: "8" });
    await tab.outbox.open();
    tab.courier.setReady(true);
    await settled();
    assert.deepEqual([tab.shown.size, posts.length], [0, 0]);
  });

  test("a rate limit waits as long as it says, and goes on by itself", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    tab.outbox.add({ room: "12", body: "hello" });
    await settled();
    refuse(0, "rate_limited", 4.2);
    await clock.pass(4_199);
    assert.equal(posts.length, 1);
    assert.equal(tab.shown.get("hello"), "sending");
    await clock.pass(1);
    assert.equal(posts.length, 2);
  });

  test("unavailable and unanswered ones are tried again, ever more slowly", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    tab.outbox.add({ room: "12", body: "hello" });
    await settled();
    refuse(0, "unavailable");
    await clock.pass(1_000);
    refuse(1, "timeout");
    await clock.pass(1_999);
    assert.equal(posts.length, 2);
    await clock.pass(1);
    assert.equal(posts.length, 3);
  });

  for (const code of ["forbidden", "not_found", "too_large", "bad_request", "conflict"]) {
    test(`${code} fails the message and lets later ones go`, async () => {
      const tab = openTab();
      tab.courier.setReady(true);
      tab.outbox.add({ room: "12", body: "bad" });
      tab.outbox.add({ room: "12", body: "good" });
      await settled();
      refuse(0, code);
      await settled();
      assert.equal(tab.shown.get("bad"), "failed");
      assert.deepEqual(bodies(), ["bad", "good"]);
    });
  }

  test("a failed one stays failed over a reload, until it is retried with the same id", async () => {
    const first = openTab();
    first.courier.setReady(true);
    const { id } = first.outbox.add({ room: "12", body: "bad" });
    await settled();
    refuse(0, "forbidden");
    await settled();
    const tab = openTab();
    tab.courier.setReady(true);
    await tab.outbox.open();
    await settled();
    assert.deepEqual([tab.shown.get("bad"), posts.length], ["failed", 1]);
    tab.outbox.retry(id);
    await settled();
    assert.deepEqual([tab.shown.get("bad"), posts[1].entry.id], ["sending", id]);
  });

  test("retrying after a conflict takes a new id", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    const { id } = tab.outbox.add({ room: "12", body: "bad" });
    await settled();
    refuse(0, "conflict");
    await settled();
    tab.outbox.retry(id);
    await settled();
    assert.notEqual(posts[1].entry.id, id);
    assert.equal(store.entries.size, 1);
  });

  test("a discarded one is gone", async () => {
    const tab = openTab();
    const { id } = tab.outbox.add({ room: "12", body: "never mind" });
    await settled();
    tab.outbox.discard(id);
    tab.courier.setReady(true);
    await settled();
    assert.deepEqual([tab.shown.size, store.entries.size, posts.length], [0, 0, 0]);
  });

  test("seeing the own event counts as acknowledged, and a later ok changes nothing", async () => {
    const tab = openTab();
    tab.courier.setReady(true);
    const { id } = tab.outbox.add({ room: "12", body: "hello" });
    await settled();
    tab.outbox.arrived(id, { message: "m7", seq: 7 });
    posts[0].ok(7);
    await settled();
    assert.deepEqual([tab.sent, store.entries.size], [[["hello", 7]], 0]);
  });
});

describe("two tabs", () => {
  test("both show it, one sends it, both let it go", async () => {
    const [here, there] = [openTab(), openTab()];
    for (const tab of [here, there]) tab.courier.setReady(true);
    here.outbox.add({ room: "12", body: "hello" });
    await settled();
    assert.equal(there.shown.get("hello"), "sending");
    await clock.pass(5_000);
    assert.deepEqual(bodies(), ["hello"]);
    posts[0].ok(7);
    await clock.pass(60_000);
    assert.deepEqual(bodies(), ["hello"]);
    assert.deepEqual([here.sent, there.sent], [[["hello", 7]], [["hello", 7]]]);
    assert.deepEqual([here.shown.size, there.shown.size], [0, 0]);
  });

  test("both come back at once, and each message is still sent by one of them", async () => {
    const [here, there] = [openTab(), openTab()];
    for (const body of ["one", "two", "three"]) here.outbox.add({ room: "12", body });
    await settled();
    for (const tab of [here, there]) tab.courier.setReady(true);
    for (let index = 0; index < 3; index += 1) {
      await settled();
      posts[index].ok(index + 1);
    }
    await clock.pass(60_000);
    assert.deepEqual(bodies(), ["one", "two", "three"]);
    assert.deepEqual([here.shown.size, there.shown.size], [0, 0]);
  });

  test("one without a connection has its message sent by the other", async () => {
    const [here, there] = [openTab(), openTab()];
    there.courier.setReady(true);
    here.outbox.add({ room: "12", body: "hello" });
    await clock.pass(3_000);
    assert.equal(posts[0].tab, there);
    posts[0].ok(7);
    await settled();
    assert.deepEqual(here.sent, [["hello", 7]]);
  });

  test("a tab that holds the lock and sleeps is overtaken, with the same id", async () => {
    const [here, there] = [openTab(), openTab()];
    here.courier.setReady(true);
    here.outbox.add({ room: "12", body: "hello" });
    await settled();
    there.courier.setReady(true);
    await clock.pass(10_000);
    assert.deepEqual(posts.map(({ tab }) => tab === there), [false, true]);
    assert.equal(posts[0].entry.id, posts[1].entry.id);
  });

  test("without locks the same id keeps it harmless", async () => {
    const [here, there] = [openTab({ withLocks: false }), openTab({ withLocks: false })];
    here.outbox.add({ room: "12", body: "hello" });
    await settled();
    for (const tab of [here, there]) tab.courier.setReady(true);
    await settled();
    assert.equal(new Set(posts.map(({ entry }) => entry.id)).size, 1);
    for (const post of posts) post.ok(7);
    await clock.pass(60_000);
    assert.deepEqual([here.shown.size, there.shown.size], [0, 0]);
  });

  test("what one discards disappears from the other", async () => {
    const [here, there] = [openTab(), openTab()];
    const { id } = here.outbox.add({ room: "12", body: "never mind" });
    await settled();
    there.outbox.discard(id);
    await settled();
    assert.deepEqual([here.shown.size, there.shown.size], [0, 0]);
  });
});
