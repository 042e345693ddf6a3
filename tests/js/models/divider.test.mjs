import assert from "node:assert/strict";
import { test } from "node:test";

import { Divider } from "../../../static/js/models/divider.js";
import { ADA, message } from "../support/wire.mjs";

const held = [message(5), message(6)];

test("it stands where reading ended, and stays while one reads along", () => {
  const divider = new Divider({ me: ADA.id, after: 5 });
  divider.posted(message(7), { watched: true, readSeq: 6, messages: held });
  assert.equal(divider.after, 5);
});

test("the first message that nobody saw come moves it, the next ones do not", () => {
  const divider = new Divider({ me: ADA.id, after: null });
  divider.posted(message(7), { watched: false, readSeq: 6, messages: held });
  divider.posted(message(8), { watched: false, readSeq: 6, messages: [...held, message(7)] });
  assert.equal(divider.after, 6);
});

test("what is unread already keeps it where it is", () => {
  const divider = new Divider({ me: ADA.id, after: 5 });
  divider.posted(message(7), { watched: false, readSeq: 5, messages: held });
  assert.equal(divider.after, 5);
});

test("own messages are never new", () => {
  const divider = new Divider({ me: ADA.id, after: null });
  divider.posted(message(7, { sender: ADA }), { watched: false, readSeq: 6, messages: held });
  assert.equal(divider.after, null);
});

test("the reader may put it where they like", () => {
  const divider = new Divider({ me: ADA.id, after: null });
  divider.putBefore(3);
  assert.equal(divider.after, 2);
});
