import assert from "node:assert/strict";
import { test } from "node:test";

import { forwarded } from "../../../static/js/models/forwarding.js";

const URL = "https://chat.example.org/rooms/general/7/";
const message = (body, more = {}) => ({ body, sender: { name: "Ada" }, ...more });

test("a message is quoted line by line, under who wrote it and where", () => {
  assert.equal(
    forwarded({ words: "Look:", message: message("one\n\ntwo"), url: URL, limit: 1000 }),
    `Look:\n\n> **Ada** [wrote](${URL}):\n> one\n> \n> two`,
  );
});

test("without words there is only the quotation; files go by their names", () => {
  const files = { attachments: [{ name: "plan.pdf" }] };
  assert.equal(forwarded({ words: " ", message: message("", files), url: URL, limit: 1000 }), `> **Ada** [wrote](${URL}):\n> plan.pdf`);
});

test("a name is no markup, and what is too long is cut", () => {
  const long = forwarded({ words: "", message: { body: "🎉".repeat(500), sender: { name: "*A_da*" } }, url: URL, limit: 200 });
  assert.match(long, /^> \*\*\\\*A\\_da\\\*\*\*/u);
  assert.equal([...long].length, 200);
  assert.match(long, /…$/u);
});
