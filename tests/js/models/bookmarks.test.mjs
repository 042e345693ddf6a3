import assert from "node:assert/strict";
import { test } from "node:test";

import { Bookmarks } from "../../../static/js/models/bookmarks.js";

const waiting = [];
const clock = { setTimeout: (callback) => waiting.push(callback) };

function api(...answers) {
  return { asked: 0, async get() { this.asked += 1; const next = answers.shift(); if (next instanceof Error) throw next; return next; } };
}

const kept = (on, message) => ({ type: "bookmark.changed", data: { message, room: "1", on } });

test("they are asked for once, and follow the events", async () => {
  const server = api({ results: [{ message: { id: "7" } }], next: null });
  const bookmarks = new Bookmarks({ api: server, clock });
  assert.equal(bookmarks.has("7"), false);
  await Promise.all([bookmarks.load(), bookmarks.load()]);
  assert.equal(server.asked, 1);
  assert.equal(bookmarks.has("7"), true);
  bookmarks.apply(kept(true, "8"));
  bookmarks.apply(kept(false, "7"));
  assert.deepEqual([bookmarks.has("7"), bookmarks.has("8")], [false, true]);
});

test("a failure is forgiven, but not at once", async () => {
  const server = api(new Error("offline"), { results: [{ message: { id: "7" } }], next: null });
  const bookmarks = new Bookmarks({ api: server, clock });
  await bookmarks.load();
  await bookmarks.load();
  assert.equal(server.asked, 1);
  waiting.pop()();
  await bookmarks.load();
  assert.equal(bookmarks.has("7"), true);
});
