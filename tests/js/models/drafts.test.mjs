import assert from "node:assert/strict";
import { test } from "node:test";

import { Drafts } from "../../../static/js/models/drafts.js";

class FakeStorage {
  items = new Map();

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.items.set(key, value);
  }

  removeItem(key) {
    this.items.delete(key);
  }
}

test("a draft is kept per room and person", () => {
  const storage = new FakeStorage();
  new Drafts({ storage, user: "3" }).set("12", { body: "half a thou", replyTo: "m4" });
  assert.deepEqual(new Drafts({ storage, user: "3" }).get("12"), { body: "half a thou", replyTo: "m4" });
  assert.equal(new Drafts({ storage, user: "3" }).get("7").body, "");
  assert.equal(new Drafts({ storage, user: "8" }).get("12").body, "");
});

test("an empty one leaves nothing behind", () => {
  const storage = new FakeStorage();
  const drafts = new Drafts({ storage, user: "3" });
  drafts.set("12", { body: "x" });
  drafts.set("12", { body: "" });
  assert.equal(storage.items.size, 0);
});

test("a storage that is full, forbidden or garbled never stops anybody from writing", () => {
  const storage = {
    getItem: () => "{garbled",
    setItem() {
      throw new Error("QuotaExceededError");
    },
  };
  const drafts = new Drafts({ storage, user: "3" });
  drafts.set("12", { body: "x" });
  assert.deepEqual(drafts.get("12"), { body: "", replyTo: null });
});

test("its files go on while its page is another", () => {
  const drafts = new Drafts({ storage: new FakeStorage(), user: "3", api: { upload: () => new Promise(() => {}) } });
  drafts.uploads("12").add([{ name: "a" }]);
  assert.deepEqual(drafts.uploads("12").items.map(({ state }) => state), ["sending"]);
  assert.deepEqual([drafts.uploads("7").items, drafts.uploads("12/m4").items], [[], []]);
});
