import assert from "node:assert/strict";
import { test } from "node:test";

import { Directory } from "../../../static/js/models/directory.js";
import { Presence } from "../../../static/js/models/presence.js";
import { Typing } from "../../../static/js/models/typing.js";
import { TypingNotifier } from "../../../static/js/models/typing_notifier.js";
import { FakeClock } from "../support/fake_clock.mjs";
import { BOB } from "../support/wire.mjs";

test("typing shows until its time is out, and each signal prolongs it", async () => {
  const clock = new FakeClock();
  const typing = new Typing({ clock });
  typing.started("12", "8", 6);
  await clock.pass(5_000);
  typing.started("12", "8", 6);
  await clock.pass(5_000);
  assert.deepEqual(typing.inRoom("12"), ["8"]);
  await clock.pass(1_000);
  assert.deepEqual(typing.inRoom("12"), []);
});

test("their message ends it at once", () => {
  const typing = new Typing({ clock: new FakeClock() });
  typing.started("12", "8", 6);
  typing.started("12", "9", 6);
  typing.stopped("12", "8");
  assert.deepEqual(typing.inRoom("12"), ["9"]);
});

test("the own typing is told once in three seconds, per room, and anew after sending", async () => {
  const clock = new FakeClock();
  const told = [];
  const notifier = new TypingNotifier({ clock, send: (room) => told.push(room) });
  for (let key = 0; key < 5; key += 1) {
    notifier.typed("12");
    await clock.pass(1_000);
  }
  assert.deepEqual(told, ["12", "12"]);
  notifier.typed("7");
  notifier.finished("12");
  notifier.typed("12");
  assert.deepEqual(told, ["12", "12", "7", "12"]);
});

test("presence follows signals, and ready replaces all of it", () => {
  const presence = new Presence();
  presence.replace(["3"]);
  presence.set("8", "online");
  presence.set("3", "offline");
  assert.deepEqual([presence.has("3"), presence.has("8")], [false, true]);
  presence.replace([]);
  assert.equal(presence.has("8"), false);
});

test("somebody unknown is asked for once; nobody is no error", async () => {
  let asked = 0;
  const directory = new Directory(async (id) => {
    asked += 1;
    if (id !== "8") throw new Error("not found");
    return BOB;
  });
  assert.equal((await directory.find("8")).name, "Bob");
  assert.equal((await directory.find("8")).name, "Bob");
  assert.equal(asked, 1);
  assert.equal(await directory.find("99"), undefined);
});
