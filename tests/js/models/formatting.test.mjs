import assert from "node:assert/strict";
import { test } from "node:test";

import { format, linkTo } from "../../../static/js/models/formatting.js";

/** What becomes of a text whose selection stands between two `|`, or whose caret is at one. */
function after(name, marked) {
  const [before, inside, rest] = marked.split("¦");
  const text = before + inside + (rest ?? "");
  const [start, end] = rest === undefined ? [before.length, before.length] : [before.length, (before + inside).length];
  return shown(format(name, text, start, end), text);
}

function shown({ from, to, text, select }, whole) {
  const made = whole.slice(0, from) + text + whole.slice(to);
  const [start, end] = select;
  const tail = made.slice(end);
  return start === end ? `${made.slice(0, start)}¦${tail}` : `${made.slice(0, start)}¦${made.slice(start, end)}¦${tail}`;
}

test("a mark goes around the selection, and away by the same button", () => {
  assert.equal(after("bold", "so ¦very¦ good"), "so **¦very¦** good");
  assert.equal(after("bold", "so **¦very¦** good"), "so ¦very¦ good");
  assert.equal(after("bold", "so ¦**very**¦ good"), "so ¦very¦ good");
  assert.equal(after("italic", "¦very ¦good"), "_¦very¦_ good");
  assert.equal(after("spoiler", "¦the butler¦"), "||¦the butler¦||");
});

test("without a selection the marks wait for words", () => {
  assert.equal(after("code", "so ¦"), "so `¦`");
  assert.equal(after("code", "so `¦`"), "so ¦");
});

test("each paragraph has its own marks", () => {
  assert.equal(after("strike", "¦one\n\ntwo¦"), "¦~~one~~\n\n~~two~~¦");
  assert.equal(after("strike", "¦~~one~~\n\n~~two~~¦"), "¦one\n\ntwo¦");
});

test("lines become items, others when asked for, and lines again", () => {
  assert.equal(after("bullets", "a\n¦one\ntwo¦"), "a\n¦- one\n- two¦");
  assert.equal(after("numbers", "¦- one\n- two¦"), "¦1. one\n2. two¦");
  assert.equal(after("tasks", "¦1. one\n\n  2. two¦"), "¦- [ ] one\n\n  - [ ] two¦");
  assert.equal(after("tasks", "¦- [ ] one\n- [x] two¦"), "¦one\ntwo¦");
  assert.equal(after("bullets", "¦"), "- ¦");
  assert.equal(after("bullets", "- on¦e"), "on¦e");
});

test("what is quoted keeps what it is", () => {
  assert.equal(after("quote", "¦one\n\n- two¦"), "¦> one\n>\n> - two¦");
  assert.equal(after("quote", "¦> one\n> - two¦"), "¦one\n- two¦");
});

test("code stands between fences on lines of their own", () => {
  assert.equal(after("block", "a ¦b¦ c"), "a \n```\n¦b¦\n```\n c");
  assert.equal(after("block", "¦"), "```\n¦\n```");
  assert.equal(after("block", "¦```js\nx\n```¦"), "¦x¦");
});

test("a link waits for what is missing", () => {
  assert.equal(after("link", "see ¦this¦"), "see [this](¦)");
  assert.equal(after("link", "¦https://a.org¦"), "[¦](https://a.org)");
  assert.equal(after("link", "¦"), "[¦]()");
});

test("an address that is pasted over words makes a link of them", () => {
  assert.equal(shown(linkTo("https://a.org", "see this", 4, 8), "see this"), "see ¦[this](https://a.org)¦");
  assert.equal(linkTo("words", "see this", 4, 8), null);
  assert.equal(linkTo("https://a.org", "see this", 4, 4), null);
  assert.equal(linkTo("https://a.org", "https://b.org", 0, 13), null);
});
