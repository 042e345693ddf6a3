import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";

import { EmojiData } from "../../../static/js/lib/emoji_data.js";
import { RecentEmoji } from "../../../static/js/models/recent_emoji.js";

const FILE = new URL("../../../static/emoji/en.json", import.meta.url);
const fetch = async () => ({ ok: true, json: async () => JSON.parse(await readFile(FILE, "utf8")) });

class Memory {
  #kept = new Map();
  getItem = (key) => this.#kept.get(key) ?? null;
  setItem = (key, value) => this.#kept.set(key, value);
}

test("the whole name comes first, then how names begin, then keywords", async () => {
  const data = new EmojiData({ url: "x", fetch });
  const first = async (query) => (await data.search(query))[0]?.emoji;
  assert.equal(await first("tada"), "🎉");
  assert.equal(await first(":+1:"), "👍");
  assert.equal(await first("red heart"), "❤️");
  assert.equal(await first("celebrate") !== undefined, true);
  assert.deepEqual(await data.search("nothing is called this"), []);
});

test("a file that could not be had is asked for again", async () => {
  let asked = 0;
  const data = new EmojiData({ url: "x", fetch: async () => (asked++ === 0 ? { ok: false, status: 503 } : fetch()) });
  await assert.rejects(data.load());
  assert.ok((await data.load()).length > 1800);
});

test("those used most of late come first", () => {
  const recent = new RecentEmoji({ storage: new Memory(), user: "3" });
  for (const emoji of ["🦊", "🍕", "🍕"]) recent.used(emoji);
  assert.deepEqual(recent.top(3), ["🍕", "🦊", "👍"]);
});

test("what is stored may be anything", () => {
  const storage = new Memory();
  storage.setItem("parley:emoji:3", '{"no":"list"}');
  assert.equal(new RecentEmoji({ storage, user: "3" }).top(1)[0], "👍");
});
