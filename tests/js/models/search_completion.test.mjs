import assert from "node:assert/strict";
import test from "node:test";

import { Completion } from "../../../static/js/models/completion.js";
import { searchNames } from "../../../static/js/models/search_completion.js";

const PEOPLE = [{ username: "ada", name: "Ada L." }, { username: "adam", name: "Adam" }, { username: "bob", name: "Bob" }];
const ROOMS = [
  { slug: "general", name: "General", peer: null },
  { slug: null, name: "Bob", peer: { username: "bob" } },
];

async function offered(text) {
  const find = async (query) => PEOPLE.filter(({ username }) => username.startsWith(query));
  const completion = new Completion(searchNames(find, () => ROOMS));
  await completion.update(text, text.length);
  return completion;
}

const asked = async (text) => (await offered(text)).items.map(({ hint }) => hint);

test("people are offered after from", async () => {
  assert.deepEqual(await asked("cake from:@b"), ["from:bob"]);
  assert.deepEqual((await asked("from:")).sort(), ["from:ada", "from:adam", "from:bob", "from:me"]);
});

test("rooms and talks are offered after in", async () => {
  assert.deepEqual(await asked("in:#gen"), ["in:#general"]);
  assert.deepEqual(await asked("in:bo"), ["in:@bob"]);
});

test("kinds are offered after has", async () => {
  assert.deepEqual(await asked("has:f"), ["has:file"]);
});

test("what is typed whole, or is only a part of a word, is not completed", async () => {
  for (const text of ["from:ada", "in:general", "has:link", "notfrom:a", "from:ada cake", 'from:"a']) {
    assert.deepEqual(await asked(text), [], text);
  }
});

test("what is taken stands in place of what was typed, after its minus", async () => {
  const text = "cake -from:b";
  assert.deepEqual((await offered(text)).accept(text.length), { from: 6, to: 12, text: "from:bob ", select: [15, 15] });
});
