import assert from "node:assert/strict";
import { test } from "node:test";

import { characters } from "../../../static/js/lib/lengths.js";
import { codeFrom } from "../../../static/js/lib/paste.js";

const pasted = (data) => ({ getData: (type) => data[type] ?? "" });

test("lines from a code editor become a code block in its language", () => {
  const data = { "text/plain": "if x:\r\n    y()\r\n", "vscode-editor-data": '{"mode":"python"}' };
  assert.equal(codeFrom(pasted(data)), "```python\nif x:\n    y()\n```\n");
});

test("so do lines from a <pre>, without a language", () => {
  const data = { "text/plain": "a\nb", "text/html": "<pre>a\nb</pre>" };
  assert.equal(codeFrom(pasted(data)), "```\na\nb\n```\n");
});

test("one line, plain text, and what has fences already stay as they are", () => {
  assert.equal(codeFrom(pasted({ "text/plain": "x", "vscode-editor-data": "{}" })), null);
  assert.equal(codeFrom(pasted({ "text/plain": "a\nb", "text/html": "<p>a</p><p>b</p>" })), null);
  assert.equal(codeFrom(pasted({ "text/plain": "```\na\n```", "vscode-editor-data": "{}" })), null);
});

test("characters are code points, also where half of one stands alone", () => {
  assert.deepEqual(["", "abc", "😀x", "\ud83d", "\ude00\ud83d"].map(characters), [0, 3, 2, 1, 2]);
});
