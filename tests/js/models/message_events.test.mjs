import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { reacted } from "../../../static/js/models/message_events.js";
import { Timeline } from "../../../static/js/models/timeline.js";
import { ADA, BOB, deleted, event, message, posted } from "../support/wire.mjs";

const reaction = (seq, target, emoji, user, on = true) =>
  event(seq, on ? "reaction.added" : "reaction.removed", { message: `m${target}`, room: "12", seq: target, emoji, user });

function held(...messages) {
  const timeline = new Timeline();
  timeline.load({ messages, asOf: 6, hasOlder: true, hasNewer: false });
  return timeline;
}

describe("previews", () => {
  const card = { url: "https://a.example/", title: "A", description: "", site: "a.example", image: null };
  const previewed = (seq, target, previews) => event(seq, "message.previewed", { message: `m${target}`, room: "12", seq: target, previews });

  test("come, change and go with what an event says of all of them", () => {
    const timeline = held(message(5));
    timeline.apply(previewed(7, 5, [card]));
    assert.deepEqual(timeline.find("m5").previews, [card]);
    timeline.apply(previewed(8, 5, []));
    assert.deepEqual(timeline.find("m5").previews, []);
  });

  test("go with their message, and a replay without words brings none back", () => {
    const timeline = held(message(5, { previews: [card] }));
    timeline.apply(deleted(7, 5));
    assert.deepEqual(timeline.find("m5").previews, []);
    timeline.apply(previewed(8, 5, []));
    assert.equal(timeline.find("m5").html, "");
  });
});

describe("reactions", () => {
  test("come, join and go, each emoji in order of coming", () => {
    const timeline = held(message(5));
    for (const frame of [reaction(7, 5, "🎉", ADA), reaction(8, 5, "👍", BOB), reaction(9, 5, "🎉", BOB)]) timeline.apply(frame);
    const after = () => timeline.find("m5").reactions;
    assert.deepEqual(after(), [{ emoji: "🎉", users: ["3", "8"] }, { emoji: "👍", users: ["8"] }]);
    timeline.apply(reaction(10, 5, "🎉", ADA, false));
    timeline.apply(reaction(11, 5, "👍", BOB, false));
    assert.deepEqual(after(), [{ emoji: "🎉", users: ["8"] }]);
  });

  test("what was shown before the server answered is not counted twice", () => {
    const timeline = held(message(5));
    timeline.react("m5", "🎉", "3", true);
    timeline.apply(reaction(7, 5, "🎉", ADA));
    assert.deepEqual(timeline.find("m5").reactions, [{ emoji: "🎉", users: ["3"] }]);
  });

  test("those heard while a page was on its way are in it, those it knows are not doubled", () => {
    const timeline = held(message(5));
    timeline.apply(reaction(7, 4, "🎉", ADA));
    timeline.apply(reaction(8, 4, "🎉", BOB));
    timeline.addOlder({ messages: [message(4, { reactions: [{ emoji: "🎉", users: ["3"] }] })], asOf: 7, hasOlder: false });
    assert.deepEqual(timeline.find("m4").reactions, [{ emoji: "🎉", users: ["3", "8"] }]);
  });

  test("a deleted message has none, and gets none", () => {
    const timeline = held(message(5, { reactions: [{ emoji: "🎉", users: ["3"] }] }));
    timeline.apply(deleted(7, 5));
    assert.deepEqual(timeline.find("m5").reactions, []);
    assert.deepEqual(reacted(timeline.find("m5"), "🎉", "3", true).reactions, []);
  });
});

describe("threads", () => {
  test("a reply does not stand in the room, and its root tells of it", () => {
    const timeline = held(message(5));
    timeline.apply(posted(7, { thread: "m5", sender: ADA }));
    timeline.apply(posted(8, { thread: "m5", sender: BOB }));
    timeline.apply(posted(9, { thread: "m5", sender: ADA }));
    assert.deepEqual(timeline.messages.map(({ id }) => id), ["m5"]);
    const { count, users, last_at: last } = timeline.find("m5").replies;
    assert.deepEqual([count, users, last], [3, ["3", "8"], message(9).created_at]);
    timeline.apply(event(10, "message.deleted", { ...deleted(10, 8).data, thread: "m5" }));
    assert.equal(timeline.find("m5").replies.count, 2);
  });

  test("a thread holds its replies alone, and its root", () => {
    const thread = new Timeline({ thread: "m5" });
    thread.load({ messages: [], asOf: 6, hasOlder: false, hasNewer: false });
    thread.root = { ...message(5), as_of: 6 };
    for (const frame of [posted(7), posted(8, { thread: "m5" }), posted(9, { thread: "m1" })]) thread.apply(frame);
    assert.deepEqual(thread.messages.map(({ id }) => id), ["m8"]);
    assert.deepEqual([thread.position, thread.find("m5").replies.count], [9, 1]);
  });
});
