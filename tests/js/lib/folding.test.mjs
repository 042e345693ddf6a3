import assert from "node:assert/strict";
import { test } from "node:test";

import { isLong } from "../../../static/js/lib/folding.js";
import { languageOf } from "../../../static/js/lib/languages.js";
import { withoutSpoilers } from "../../../static/js/lib/words.js";

// The same as in tests/web/test_folding.py.
test("a message is long by its lines, as broken or as they wrap", () => {
  const lines = (count) => `<p>${Array(count).fill("a").join("<br>\n")}</p>`;
  assert.equal(isLong(lines(26)), false);
  assert.equal(isLong(lines(27)), true);
  assert.equal(isLong(`<p>${"word ".repeat(400)}</p>`), false);
  assert.equal(isLong(`<p>${"word ".repeat(440)}</p>`), true);
});

test("markup takes no room, and a row of a table is one line", () => {
  const row = "<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n";
  const table = (rows) => `<table>\n<tbody>\n${row.repeat(rows)}</tbody>\n</table>`;
  assert.equal(isLong(table(20)), false);
  assert.equal(isLong(table(30)), true);
  assert.equal(isLong(`<p>${"<strong>a</strong>&amp;".repeat(200)}</p>`), false);
});

test("what was typed is measured alike while it is on its way", () => {
  assert.equal(isLong("a\n".repeat(30)), true);
  assert.equal(isLong("a < b"), false);
});

test("languages have their own names", () => {
  assert.equal(languageOf("language-cpp"), "C++");
  assert.equal(languageOf("language-python"), "Python");
  assert.equal(languageOf(""), "");
});

test("typed spoilers hide their words", () => {
  assert.equal(withoutSpoilers("It was ||the\nbutler||, a || b || c"), "It was [spoiler], a || b || c");
});
