import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Liveness } from "../../../static/js/socket/liveness.js";
import { FakeClock } from "../support/fake_clock.mjs";

let clock;
let pings;
let deaths;
let liveness;

beforeEach(() => {
  clock = new FakeClock();
  pings = 0;
  deaths = 0;
  liveness = new Liveness({ clock, ping: () => (pings += 1), dead: () => (deaths += 1) });
  liveness.start();
});

test("a connection that speaks is not asked", async () => {
  for (let second = 0; second < 60; second += 10) {
    await clock.pass(10_000);
    liveness.heard();
  }
  assert.equal(pings, 0);
});

test("after silence it asks, and an answer is enough", async () => {
  await clock.pass(15_000);
  assert.equal(pings, 1);
  await clock.pass(7_999);
  liveness.heard();
  await clock.pass(10_000);
  assert.equal(deaths, 0);
});

test("no answer in eight seconds means dead, once", async () => {
  await clock.pass(23_000);
  assert.equal(deaths, 1);
  await clock.pass(600_000);
  assert.deepEqual([pings, deaths], [1, 1]);
});

test("a check asks at once, and does not ask twice", async () => {
  liveness.check();
  liveness.check();
  assert.equal(pings, 1);
  await clock.pass(8_000);
  assert.equal(deaths, 1);
});

test("waking from sleep asks once more before it gives up", async () => {
  await clock.pass(15_000);
  await clock.sleep(3_600_000);
  assert.deepEqual([pings, deaths], [2, 0]);
  await clock.pass(8_000);
  assert.equal(deaths, 1);
});

test("a stopped one neither asks nor dies", async () => {
  liveness.stop();
  liveness.check();
  await clock.pass(600_000);
  assert.deepEqual([pings, deaths], [0, 0]);
});
