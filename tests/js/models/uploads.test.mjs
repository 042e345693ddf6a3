import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../../static/js/lib/api_error.js";
import { Uploads } from "../../../static/js/models/uploads.js";

/** A server that answers when it is told to, and a clock that goes when it is told to. */
function begin() {
  const tries = [];
  const timers = [];
  const deleted = [];
  const api = {
    upload: (file, id, { progress, signal }) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve({ id: `u-${id}`, name: file.name });
        tries.push({ id, file, progress, answer, fail: (status) => reject(new ApiError({ status, detail: "no" })) });
        signal.addEventListener("abort", () => reject(new ApiError({ status: 0 })));
      }),
    delete: async (path) => deleted.push(path),
  };
  const clock = { setTimeout: (run, ms) => timers.push({ run, ms }) };
  let number = 0;
  const uploads = new Uploads({ api, clock, newId: () => String((number += 1)) });
  return { uploads, tries, timers, deleted };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const states = (uploads) => uploads.items.map(({ state }) => state);

test("files go one after the other, and are taken in the order in which they were added", async () => {
  const { uploads, tries } = begin();
  uploads.add([{ name: "a" }, { name: "b" }]);
  assert.equal(tries.length, 1);
  tries[0].progress(0.5);
  assert.equal(uploads.items[0].progress, 0.5);
  tries[0].answer();
  await settled();
  assert.deepEqual(states(uploads), ["done", "sending"]);
  assert.equal(uploads.busy, true);
  tries[1].answer();
  await settled();
  assert.deepEqual(uploads.take().map(({ name }) => name), ["a", "b"]);
  assert.deepEqual(uploads.items, []);
});

test("what was cut is begun again with the same id, later each time", async () => {
  const { uploads, tries, timers } = begin();
  uploads.add([{ name: "a" }]);
  for (const ms of [1000, 2000]) {
    tries.at(-1).fail(0);
    await settled();
    assert.deepEqual(states(uploads), ["waiting"]);
    assert.equal(timers.at(-1).ms, ms);
    timers.at(-1).run();
  }
  tries.at(-1).answer();
  await settled();
  assert.deepEqual(tries.map(({ id }) => id), ["1", "1", "1"]);
  assert.equal(uploads.busy, false);
});

test("what is refused stays until it is taken out, and the others go on", async () => {
  const { uploads, tries } = begin();
  uploads.add([{ name: "a" }, { name: "b" }]);
  tries[0].fail(413);
  await settled();
  assert.deepEqual([uploads.failed, uploads.items[0].error], [true, "no"]);
  tries[1].answer();
  await settled();
  uploads.remove("1");
  assert.deepEqual([uploads.failed, states(uploads)], [false, ["done"]]);
});

test("what is taken out is stopped, or discarded at the server", async () => {
  const { uploads, tries, deleted } = begin();
  uploads.add([{ name: "a" }, { name: "b" }]);
  uploads.remove("1");
  await settled();
  assert.equal(tries.length, 2);
  tries[1].answer();
  await settled();
  uploads.remove("2");
  assert.deepEqual([deleted, uploads.items], [["uploads/u-2/"], []]);
});

test("a message takes ten", () => {
  const { uploads } = begin();
  assert.equal(uploads.add(Array.from({ length: 12 }, () => ({ name: "x" }))), 2);
  assert.equal(uploads.items.length, 10);
});
