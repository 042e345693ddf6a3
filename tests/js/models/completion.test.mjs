import assert from "node:assert/strict";
import { test } from "node:test";

import { Completion } from "../../../static/js/models/completion.js";
import { emojiFor, emojiNames } from "../../../static/js/models/emoji_names.js";

const ROWS = [
  ["😄", ["smile", "grinning_face_with_closed_eyes"], ["happy", "smart"]],
  ["😏", ["smirk"], ["smug"]],
  ["🙃", ["upside_down_face"], ["happy"]],
  ["😺", ["smiley_cat"], ["cat"]],
];

const labels = (items) => items.map(({ label }) => label);

test("emoji are found by the beginnings of names, then of parts of names, then of keywords", () => {
  assert.deepEqual(labels(emojiFor("smi", ROWS)), [":smile:", ":smirk:", ":smiley_cat:"]);
  assert.deepEqual(labels(emojiFor("face", ROWS)), [":upside_down_face:", ":grinning_face_with_closed_eyes:"]);
  assert.deepEqual(labels(emojiFor("HAPPY", ROWS)), [":smile:", ":upside_down_face:"]);
  assert.deepEqual(emojiFor("smirk", ROWS)[0].text, "😏 ");
});

const emoji = () => new Completion([emojiNames(async () => ROWS)]);

test("a word that is begun is completed", async () => {
  const completion = emoji();
  await completion.update("hi :smi", 7);
  assert.equal(completion.open, true);
  completion.move(-1);
  completion.move(-1);
  assert.deepEqual(completion.accept(7), { from: 3, to: 7, text: "😏 ", select: [6, 6] });
  assert.equal(completion.open, false);
});

test("nothing is offered for one letter, within words, or in code", async () => {
  for (const text of ["hi :s", "10:30", "a:smi", "::smi", "`:smi", "```\n:smi", "hi :nosuch"]) {
    const completion = emoji();
    await completion.update(text, text.length);
    assert.equal(completion.open, false, text);
  }
});

test("what was dismissed stays away for this word, not for the next", async () => {
  const completion = emoji();
  await completion.update(":smi", 4);
  completion.dismiss();
  await completion.update(":smil", 5);
  assert.equal(completion.open, false);
  await completion.update(":smil ", 6);
  await completion.update(":smil :sm", 9);
  assert.equal(completion.open, true);
});

test("an answer that comes late is not shown, one that fails is none", async () => {
  const answers = [];
  const source = () => new Promise((resolve, reject) => answers.push({ resolve, reject }));
  const completion = new Completion([{ pattern: /@(\w+)$/u, source }]);
  const first = completion.update("@a", 2);
  const second = completion.update("@ab", 3);
  answers[1].resolve([{ text: "@abel ", label: "Abel" }]);
  await second;
  answers[0].resolve([{ text: "@ada ", label: "Ada" }]);
  await first;
  assert.deepEqual(labels(completion.items), ["Abel"]);
  const third = completion.update("@abc", 4);
  answers[2].reject(new Error("away"));
  await third;
  assert.equal(completion.open, false);
});
