import assert from "node:assert/strict";
import { test } from "node:test";

import { Completion } from "../../../static/js/models/completion.js";
import { peopleNames, roomNames } from "../../../static/js/models/name_completion.js";

const PEOPLE = [
  { name: "Ada Lovelace", username: "ada" },
  { name: "Grace Hopper", username: "grace.h" },
  { name: "Rosa", username: "rosa" },
];
const ROOMS = [
  { slug: "general", name: "General", topic: "All of it" },
  { slug: "design", name: "Design", topic: "" },
];

function names({ everybody = true, find = async () => PEOPLE, load = async () => ROOMS } = {}) {
  return new Completion([peopleNames(find, () => everybody), roomNames(load, () => ROOMS.slice(0, 1))]);
}

async function offered(completion, text) {
  await completion.update(text, text.length);
  return completion.items.map((item) => item.text);
}

test("people are offered by name and by user name, the best first", async () => {
  assert.deepEqual(await offered(names(), "hi @lov"), ["@ada "]);
  assert.deepEqual(await offered(names(), "hi @grace.h"), ["@grace.h "]);
  assert.deepEqual(await offered(names(), "@"), ["@ada ", "@grace.h ", "@rosa ", "@room ", "@here "]);
  assert.deepEqual(await offered(names(), "(@ros"), ["@rosa "]);
  assert.deepEqual(await offered(names(), "(@roo"), ["@room "]);
});

test("everybody is offered only where it is heard", async () => {
  assert.deepEqual(await offered(names({ everybody: false }), "@roo"), []);
  const away = names({ find: () => Promise.reject(new Error("offline")) });
  assert.deepEqual(await offered(away, "@he"), ["@here "]);
});

test("rooms are offered by address and name", async () => {
  assert.deepEqual(await offered(names(), "see #gen"), ["#general "]);
  assert.deepEqual(await offered(names(), "#"), ["#general ", "#design "]);
});

test("rooms that one is in are offered offline, and the others as soon as they can be asked for", async () => {
  let fails = true;
  const completion = names({ load: async () => (fails ? Promise.reject(new Error("offline")) : ROOMS) });
  assert.deepEqual(await offered(completion, "#"), ["#general "]);
  fails = false;
  assert.deepEqual(await offered(completion, "see #"), ["#general ", "#design "]);
});

test("nothing is offered within words and in code", async () => {
  for (const text of ["a@ada", "x#gen", "ada@", "`@ada", "```\n#gen", "@@ada", "/#gen", "# gen"]) {
    assert.deepEqual(await offered(names(), text), [], text);
  }
});

test("each question is asked once in a while, and again after a failure", async () => {
  const asked = [];
  let fails = true;
  const find = async (query) => {
    asked.push(query);
    if (fails) throw new Error("offline");
    return PEOPLE;
  };
  const completion = names({ find, everybody: false });
  assert.deepEqual(await offered(completion, "@ada"), []);
  fails = false;
  assert.deepEqual(await offered(completion, "@ada"), ["@ada "]);
  assert.deepEqual(await offered(completion, "and @ada"), ["@ada "]);
  assert.deepEqual(asked, ["ada", "ada"]);
});
