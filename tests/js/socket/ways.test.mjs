import assert from "node:assert/strict";
import { test } from "node:test";

import { Ways } from "../../../static/js/socket/ways.js";

class Memory extends Map {
  getItem(key) {
    return this.get(key) ?? null;
  }

  setItem(key, value) {
    this.set(key, value);
  }
}

test("a socket first, then a stream, then a poll, then from the beginning", () => {
  const ways = new Ways();
  const tried = [];
  for (let failure = 0; failure < 5; failure += 1) {
    tried.push(ways.current);
    ways.failed();
  }
  assert.deepEqual(tried, ["socket", "socket", "stream", "poll", "poll"]);
  assert.equal(ways.current, "socket");
});

test("a failure counts no more once the server has spoken", () => {
  const ways = new Ways();
  assert.equal(ways.failed(), false);
  ways.greeted();
  assert.equal(ways.failed(), false);
  assert.equal(ways.failed(), true);
});

test("the next page begins with the way that was found, until a socket gets through again", () => {
  const memory = new Memory();
  const ways = new Ways({ memory });
  ways.failed();
  ways.failed();
  assert.equal(new Ways({ memory }).current, "stream");
  ways.returned();
  assert.equal(new Ways({ memory }).current, "socket");
  memory.setItem("parley-way", "pigeon");
  assert.equal(new Ways({ memory }).current, "socket");
});
