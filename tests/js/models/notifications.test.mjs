import assert from "node:assert/strict";
import test from "node:test";

import { Alerts } from "../../../static/js/models/alerts.js";
import { Notifications } from "../../../static/js/models/notifications.js";
import { FakeClock } from "../support/fake_clock.mjs";
import { FreeLocks } from "../support/fake_tabs.mjs";

const created = (seq, more = {}) => ({
  type: "notification.created",
  seq,
  data: { id: `n${seq}`, room: "1", thread: null, quiet: false, created_at: new Date(0).toISOString(), ...more },
});
const read = (seq, notifications) => ({ type: "notification.read", seq, data: { notifications } });

test("what comes and is read is counted on from the server's count", () => {
  const model = new Notifications();
  model.replace({ seq: 5, unread: 2 });
  for (const frame of [created(6), created(7), read(8, ["n6"])]) model.apply(frame);
  assert.equal(model.unread, 3);
  model.apply(read(9, null));
  assert.equal(model.unread, 0);
});

test("a count that is older than what was heard is counted on", () => {
  const model = new Notifications();
  model.replace({ seq: 5, unread: 0 });
  for (const frame of [created(6), created(7), read(8, ["n6"])]) model.apply(frame);
  model.replace({ seq: 6, unread: 1 });
  assert.equal(model.unread, 1);
  model.replace({ seq: 8, unread: 1 });
  assert.equal(model.unread, 1);
});

test("what the count has already is not counted again", () => {
  const model = new Notifications();
  model.replace({ seq: 7, unread: 2 });
  model.apply(created(7));
  assert.equal(model.unread, 2);
});

/** Alerts of one tab. `alerted` has the ids that made a noise, `over` those that were read after all. */
function tab({ clock, locks = null, looksAt = () => false }) {
  const notifications = new Notifications();
  const alerts = new Alerts({ notifications, clock, locks, looksAt });
  const heard = { notifications, alerted: [], over: [] };
  alerts.on("alert", ({ id }) => heard.alerted.push(id));
  alerts.on("over", (id) => heard.over.push(id));
  return heard;
}

const now = (clock) => ({ created_at: new Date(clock.now()).toISOString() });

test("what nobody reads within a moment makes a noise, and is over once it is read", async () => {
  const clock = new FakeClock();
  const { notifications, alerted, over } = tab({ clock });
  notifications.apply(created(1, now(clock)));
  assert.deepEqual(alerted, []);
  await clock.pass(1_000);
  assert.deepEqual(alerted, ["n1"]);
  notifications.apply(read(2, null));
  assert.deepEqual(over, ["n1"]);
});

test("what is read elsewhere meanwhile makes none", async () => {
  const clock = new FakeClock();
  const { notifications, alerted } = tab({ clock });
  notifications.apply(created(1, now(clock)));
  notifications.apply(created(2, now(clock)));
  notifications.apply(read(3, ["n1"]));
  notifications.apply(read(4, null));
  await clock.pass(10_000);
  assert.deepEqual(alerted, []);
});

test("neither does what is quiet, old, or looked at", async () => {
  const clock = new FakeClock();
  const { notifications, alerted } = tab({ clock, looksAt: ({ room }) => room === "2" });
  notifications.apply(created(1, { ...now(clock), quiet: true }));
  notifications.apply(created(2, { created_at: new Date(clock.now() - 3_600_000).toISOString() }));
  notifications.apply(created(3, { ...now(clock), room: "2" }));
  await clock.pass(10_000);
  assert.deepEqual(alerted, []);
});

test("of several tabs one makes the noise", async () => {
  const clock = new FakeClock();
  const locks = new FreeLocks();
  const tabs = [tab({ clock, locks }), tab({ clock, locks })];
  for (const { notifications } of tabs) notifications.apply(created(1, now(clock)));
  await clock.pass(10_000);
  assert.deepEqual(tabs.flatMap(({ alerted }) => alerted), ["n1"]);
});
