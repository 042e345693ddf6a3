import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ReadMarker } from "../../../static/js/models/read_marker.js";
import { FakeClock } from "../support/fake_clock.mjs";

let clock;
let told;
let heard;
let marker;

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  heard = true;
  const send = async (room, seq) => {
    told.push(`${room}#${seq}`);
    if (!heard) throw new Error("disconnected");
  };
  marker = new ReadMarker({ clock, send });
  marker.setAttentive(true);
});

test("what is on the screen of somebody who looks is read, and said once for a burst", async () => {
  for (const seq of [5, 6, 7]) marker.atBottom("12", seq);
  await clock.pass(1_000);
  marker.atBottom("12", 7);
  await clock.pass(1_000);
  assert.deepEqual(told, ["12#7"]);
});

test("nothing is read while nobody looks, and all of it when they look again", async () => {
  marker.setAttentive(false);
  marker.atBottom("12", 7);
  await clock.pass(60_000);
  assert.deepEqual(told, []);
  marker.setAttentive(true);
  await clock.pass(1_000);
  assert.deepEqual(told, ["12#7"]);
});

test("scrolling away or looking away in time keeps it unread", async () => {
  marker.atBottom("12", 7);
  marker.away();
  await clock.pass(1_000);
  marker.atBottom("12", 7);
  marker.setAttentive(false);
  await clock.pass(1_000);
  assert.deepEqual(told, []);
});

test("what was not heard is said again", async () => {
  heard = false;
  marker.atBottom("12", 7);
  await clock.pass(1_000);
  heard = true;
  marker.retry();
  await clock.pass(1_000);
  assert.deepEqual(told, ["12#7", "12#7"]);
});

test("a mark that was put back stays until something new is seen", async () => {
  marker.atBottom("12", 7);
  await clock.pass(1_000);
  marker.markedUnread("12", 7);
  marker.atBottom("12", 7);
  await clock.pass(1_000);
  marker.atBottom("12", 8);
  await clock.pass(1_000);
  assert.deepEqual(told, ["12#7", "12#8"]);
});
