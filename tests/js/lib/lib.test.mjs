import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../../static/js/lib/api.js";
import { ApiError } from "../../../static/js/lib/api_error.js";
import { score } from "../../../static/js/lib/fuzzy.js";
import { initials } from "../../../static/js/lib/initials.js";
import { Times } from "../../../static/js/lib/times.js";
import { uuid } from "../../../static/js/lib/uuid.js";
import { Refusal } from "../../../static/js/socket/refusal.js";

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;

test("ids are version 4 UUIDs, also where the page is not a secure context", () => {
  assert.match(uuid(), VERSION_4);
  const plain = { getRandomValues: (bytes) => globalThis.crypto.getRandomValues(bytes) };
  assert.match(uuid(plain), VERSION_4);
  assert.notEqual(uuid(plain), uuid(plain));
});

test("times are the reader's, in the server's wording", () => {
  const now = () => Date.parse("2026-11-22T12:00:00Z");
  const times = new Times({ zone: "Europe/Berlin", now });
  const at = Date.parse("2026-03-02T08:41:07.123Z");
  assert.equal(times.day(at), "2026-03-02");
  assert.equal(times.time(at), "09:41");
  assert.equal(times.dayLabel(at), "Monday, 2 March");
  assert.equal(times.dayLabel(Date.parse("2025-03-03T08:41:07Z")), "Monday, 3 March 2025");
  assert.equal(times.full(at), "Monday, 2 March 2026 at 09:41:07");
  assert.equal(times.time(Date.parse("2026-03-02T23:05:00Z")), "00:05");
});

test("a zone that the browser does not know falls back to its own", () => {
  assert.match(new Times({ zone: "Mars/Olympus" }).time(0), /^\d\d:\d\d$/u);
});

test("initials are the first and the last word's", () => {
  assert.deepEqual(["Ada L.", "ada", "Mary Ann Evans", "  ", "😀 x"].map(initials), ["AL", "A", "ME", "", "😀X"]);
});

test("the switcher finds by beginnings of words, runs, and letters in order", () => {
  assert.equal(score("xyz", "general"), 0);
  assert.ok(score("gen", "general") > score("gen", "design general"));
  assert.ok(score("dg", "design general") > score("dg", "cardigan"));
  assert.ok(score("er", "her e") > 0);
  assert.ok(score("cafe", "Café") > 0);
  assert.ok(score("", "anything") > 0);
});

function answering(status, body) {
  const asked = [];
  const fetch = async (url, options) => {
    asked.push({ url, ...options });
    if (status === 0) throw new TypeError("failed to fetch");
    return new Response(JSON.stringify(body), { status });
  };
  return { api: new Api({ base: "/api/v1/", csrf: () => "token", fetch }), asked };
}

test("the API sends the token with what changes something, and only then", async () => {
  const { api, asked } = answering(200, { id: "3" });
  await api.get("rooms/12/messages/", { before: 7, after: undefined });
  await api.post("rooms/", { name: "x" });
  assert.equal(asked[0].url, "/api/v1/rooms/12/messages/?before=7");
  assert.deepEqual([asked[0].headers["X-CSRFToken"], asked[1].headers["X-CSRFToken"]], [undefined, "token"]);
});

test("refusals carry the server's words, and silence is 'away'", async () => {
  const refused = answering(400, { code: "bad_request", detail: "no", fields: { name: ["taken"] } });
  await assert.rejects(refused.api.post("rooms/", {}), { status: 400, code: "bad_request", fields: { name: ["taken"] } });
  await assert.rejects(answering(0).api.get("me/"), { status: 0, code: "away" });
});

test("signed in, signed out and away are told apart", async () => {
  const answers = [200, 401, 403, 500, 0].map((status) => answering(status, {}).api.signedIn());
  assert.deepEqual(await Promise.all(answers), ["in", "out", "out", "away", "away"]);
});

test("an answer that is no, and no answer, are told apart alike on the socket and beside it", async () => {
  const answered = (response) => {
    const api = new Api({ base: "/", csrf: () => "", fetch: async () => response ?? Promise.reject(new TypeError()) });
    return api.get("me/").catch(({ unanswered, detail }) => ({ unanswered, detail }));
  };
  const refused = { code: "forbidden", detail: "You may not." };
  assert.deepEqual(await answered(null), { unanswered: true, detail: "" });
  assert.deepEqual(await answered(new Response("<h1>Bad gateway</h1>", { status: 502 })), { unanswered: true, detail: "" });
  assert.deepEqual(await answered(Response.json(refused, { status: 403 })), { unanswered: false, detail: "You may not." });
  assert.equal(new ApiError({ status: 403, ...refused }).unanswered, false);
  const codes = ["disconnected", "timeout", "rate_limited", "forbidden"];
  assert.deepEqual(codes.map((code) => new Refusal({ code }).unanswered), [true, true, false, false]);
});
