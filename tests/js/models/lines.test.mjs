import assert from "node:assert/strict";
import { test } from "node:test";

import { isInAnyCode, isInCode, nextLine } from "../../../static/js/models/lines.js";

function after(marked) {
  const caret = marked.indexOf("¦");
  const text = marked.replace("¦", "");
  const edit = nextLine(text, caret);
  if (edit === null) return null;
  const made = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
  return `${made.slice(0, edit.select[0])}¦${made.slice(edit.select[0])}`;
}

test("a list goes on in the next line", () => {
  assert.equal(after("- one¦"), "- one\n- ¦");
  assert.equal(after("a\n  * o¦ne"), "a\n  * o\n  * ¦ne");
  assert.equal(after("9. one¦"), "9. one\n10. ¦");
  assert.equal(after("- [x] one¦"), "- [x] one\n- [ ] ¦");
  assert.equal(after("> one¦"), "> one\n> ¦");
});

test("an item without words ends the list", () => {
  assert.equal(after("- one\n- ¦"), "- one\n¦");
  assert.equal(after("1. [ ] ¦"), "¦");
});

test("other lines are left alone", () => {
  assert.equal(after("one¦"), null);
  assert.equal(after("¦- one"), null);
  assert.equal(after("```\n- one¦"), null);
});

test("code is where a fence is open", () => {
  assert.equal(isInCode("a\n```js\nx", 8), true);
  assert.equal(isInCode("```\nx\n```", 9), false);
  assert.equal(isInCode("```x```", 5), false);
  assert.equal(isInAnyCode("say `:sm", 8), true);
  assert.equal(isInAnyCode("say `x` :sm", 11), false);
});
