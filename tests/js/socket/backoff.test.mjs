import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../../static/js/socket/backoff.js";
import { FakeClock } from "../support/fake_clock.mjs";

const highest = () => 1;

test("the ceiling doubles from half a second and stays at thirty", () => {
  const backoff = new Backoff({ clock: new FakeClock(), random: highest });
  const waits = Array.from({ length: 9 }, () => backoff.next());
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

test("the whole range below the ceiling is used", () => {
  const random = [0, 0.25, 0.5];
  const backoff = new Backoff({ clock: new FakeClock(), random: () => random.shift() });
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [0, 250, 1000]);
});

test("a connection that lasted thirty seconds wipes earlier failures", async () => {
  const clock = new FakeClock();
  const backoff = new Backoff({ clock, random: highest });
  backoff.next();
  backoff.next();
  backoff.connected();
  await clock.pass(30_000);
  assert.equal(backoff.next(), 500);
});

test("one that broke sooner does not", async () => {
  const clock = new FakeClock();
  const backoff = new Backoff({ clock, random: highest });
  backoff.next();
  backoff.next();
  backoff.connected();
  await clock.pass(29_999);
  assert.equal(backoff.next(), 2000);
});

test("time without a connection is not stability", async () => {
  const clock = new FakeClock();
  const backoff = new Backoff({ clock, random: highest });
  backoff.connected();
  await clock.pass(1_000);
  backoff.next();
  await clock.pass(60_000);
  assert.equal(backoff.next(), 1000);
});
