import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, latest, paths, series, top, written } from "../../../static/js/admin/series.js";

const node = (...samples) => ({ samples });

test("the nodes add up beat by beat", () => {
  const nodes = [node([100, 3, 1, 10, 0], [102, 4, 2, 20, 0.1]), node([101, 5, 0, 5, 0.5])];
  assert.deepEqual(series(nodes, "sockets", 102), [{ ago: 2, value: 8 }, { ago: 0, value: 4 }]);
  assert.deepEqual(series(nodes, "deliveries", 102).map(({ value }) => value), [15, 20]);
});

test("of late loops the worst counts", () => {
  const nodes = [node([100, 3, 1, 10, 0.2]), node([101, 5, 0, 5, 0.5])];
  assert.deepEqual(series(nodes, "late", 101).map(({ value }) => value), [0.5]);
});

test("a node that told twice within a beat counts once, and what is old is not shown", () => {
  const nodes = [node([100, 3, 0, 0, 0], [101.9, 4, 0, 0, 0]), node([100 - 400, 9, 0, 0, 0])];
  assert.deepEqual(series(nodes, "sockets", 102).map(({ value }) => value), [4]);
});

test("what a node told last, or nothing yet", () => {
  assert.deepEqual(latest(node([1, 2, 3, 4, 0.5])), { sockets: 2, posts: 3, deliveries: 4, late: 0.5 });
  assert.deepEqual(latest(node()), { sockets: 0, posts: 0, deliveries: 0, late: 0 });
});

test("scales end at a round number", () => {
  assert.deepEqual([0, 0.7, 1, 3, 7, 20, 21, 999].map(top), [1, 1, 1, 5, 10, 20, 50, 1000]);
});

test("a line goes from left to right, and the area below it to the ground", () => {
  const { line, area } = paths([{ ago: 300, value: 0 }, { ago: 0, value: 10 }], 10, 300, 80);
  assert.equal(line, "M0.0 80.0L300.0 2.0");
  assert.equal(area, "M0.0 80.0L300.0 2.0L300.0 80L0.0 80Z");
  assert.deepEqual(paths([], 10, 300, 80), { line: "", area: "" });
});

test("numbers and durations as people write them", () => {
  assert.deepEqual([written(3.456), written(12.7), written(1204.2), written(0.125, true)], ["3.5", "13", "1,204", "12.5 %"]);
  const texts = [0, 9, 75, 3_600, 3_700, 3 * 86_400 + 7_300].map(duration);
  assert.deepEqual(texts, ["0 s", "9 s", "1 min", "1 h", "1 h 1 min", "3 d 2 h"]);
});
