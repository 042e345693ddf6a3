import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Connection } from "../../../static/js/socket/connection.js";
import { Session } from "../../../static/js/socket/session.js";
import { FakeClock, settled } from "../support/fake_clock.mjs";
import { FakeSocket } from "../support/fake_socket.mjs";
import { posted } from "../support/wire.mjs";

const HELLO = { op: "hello", protocol: "parley.v1", epoch: "e1", user: { id: "3" }, heartbeat: 20, limits: {} };
const READY = { op: "ready", ref: "resume", epoch: "e1", streams: { "room:12": 840 }, rooms: [], online: [] };

let clock;
let sockets;
let ways;
let signedIn;
let session;
let connection;
let states;

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  ways = [];
  signedIn = "in";
  session = new Session({ epoch: "e1" });
  session.follow("room:12", 840);
  connection = new Connection({
    session,
    open: (way) => {
      ways.push(way);
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    },
    signedIn: async () => signedIn,
    clock,
    userId: "3",
    random: () => 0.5,
  });
  states = [];
  connection.on("state", (state) => states.push(state.name));
});

const socket = () => sockets.at(-1);

function becomeReady() {
  connection.connect();
  socket().opens();
  socket().says(HELLO);
  socket().says(READY);
}

describe("a conversation", () => {
  test("the server speaks first, then the client resumes, then it is ready", () => {
    connection.connect();
    socket().opens();
    assert.deepEqual(socket().sent, []);
    socket().says(HELLO);
    assert.deepEqual(socket().sent, [{ op: "resume", ref: "resume", epoch: "e1", cursors: { "room:12": 840 } }]);
    socket().says(READY);
    assert.deepEqual(states, ["connecting", "hello", "resuming", "ready"]);
  });

  test("a command is answered by its own ok", async () => {
    becomeReady();
    const first = connection.request("post", { body: "one" });
    const second = connection.request("post", { body: "two" });
    const [a, b] = socket().sent.filter(({ op }) => op === "post");
    socket().says({ op: "ok", ref: b.ref, seq: 2 });
    socket().says({ op: "ok", ref: a.ref, seq: 1 });
    assert.deepEqual([(await first).seq, (await second).seq], [1, 2]);
  });

  test("a refusal tells its code and how long to wait", async () => {
    becomeReady();
    const answer = connection.request("post", {});
    const { ref } = socket().command("post");
    socket().says({ op: "error", ref, code: "rate_limited", detail: "50 posts in 10 s", retry_after: 4.2 });
    await assert.rejects(answer, { code: "rate_limited", retryAfter: 4.2, passing: true });
  });

  test("what was asked before the connection broke is disconnected, and so is what is asked after", async () => {
    becomeReady();
    const before = connection.request("post", {});
    socket().isClosed(1006);
    await assert.rejects(before, { code: "disconnected" });
    await assert.rejects(connection.request("post", {}), { code: "disconnected" });
  });

  test("a command without an answer times out", async () => {
    becomeReady();
    const answer = connection.request("post", {});
    const outcome = assert.rejects(answer, { code: "timeout" });
    for (let second = 0; second < 21; second += 7) {
      await clock.pass(7_000);
      socket().says({ op: "pong" });
    }
    await outcome;
  });

  test("text that is no JSON is ignored", () => {
    becomeReady();
    socket().dispatchEvent(Object.assign(new Event("message"), { data: "{" }));
    assert.equal(connection.ready, true);
  });
});

describe("losing it", () => {
  for (const code of [1001, 1006, 1011, 1012, 1013, 4408, 4413, 4429, 4999]) {
    test(`${code} reconnects after the backoff`, async () => {
      becomeReady();
      socket().isClosed(code);
      assert.equal(connection.state.name, "waiting");
      assert.equal(connection.state.retryAt, clock.now() + 250);
      await clock.pass(250);
      assert.equal(sockets.length, 2);
    });
  }

  for (const code of [4400, 1002, 1003, 1007, 1008, 1009]) {
    test(`${code} stops: a bug of this page`, async () => {
      becomeReady();
      socket().isClosed(code);
      await clock.pass(600_000);
      assert.deepEqual([connection.state.name, connection.state.reason, sockets.length], ["stopped", "broken", 1]);
    });
  }

  test("4403 stops and leads to sign-in", async () => {
    becomeReady();
    socket().isClosed(4403);
    await clock.pass(600_000);
    assert.deepEqual([connection.state.name, connection.state.reason, sockets.length], ["stopped", "revoked", 1]);
  });

  test("4401 with a session that holds reconnects at once, but only once", async () => {
    becomeReady();
    socket().isClosed(4401);
    await settled();
    assert.equal(sockets.length, 2);
    socket().opens();
    socket().isClosed(4401);
    await settled();
    assert.equal(connection.state.name, "waiting");
  });

  test("4401 with a session that ended stops", async () => {
    becomeReady();
    signedIn = "out";
    socket().isClosed(4401);
    await clock.pass(60_000);
    assert.deepEqual([connection.state.name, connection.state.reason, sockets.length], ["stopped", "signed_out", 1]);
  });

  test("after bye it comes back inside the range that the server gave", async () => {
    becomeReady();
    socket().says({ op: "bye", code: "restart", retry_ms: [2000, 8000] });
    socket().isClosed(1012);
    assert.equal(connection.state.retryAt, clock.now() + 5000);
  });

  test("the delay after flooding is kept even when the page becomes visible", async () => {
    becomeReady();
    socket().says({ op: "bye", code: "flooding", retry_ms: [6000, 6000] });
    socket().isClosed(4429);
    connection.nudge();
    assert.equal(sockets.length, 1);
    await clock.pass(6000);
    assert.equal(sockets.length, 2);
  });

  test("a refused handshake of somebody signed out stops", async () => {
    signedIn = "out";
    connection.connect();
    socket().isClosed(1006);
    await settled();
    assert.deepEqual([connection.state.name, connection.state.reason], ["stopped", "signed_out"]);
  });

  test("a refused handshake with the server away goes on trying", async () => {
    signedIn = "away";
    connection.connect();
    socket().isClosed(1006);
    await clock.pass(60_000);
    assert.ok(sockets.length > 1);
  });

  test("somebody signed in again elsewhere is noticed when the page is looked at", async () => {
    signedIn = "out";
    connection.connect();
    socket().isClosed(1006);
    await settled();
    signedIn = "in";
    connection.nudge();
    await settled();
    assert.equal(sockets.length, 2);
  });

  test("a server that accepts and says nothing is given up after ten seconds", async () => {
    connection.connect();
    socket().opens();
    await clock.pass(10_000);
    assert.equal(connection.state.name, "waiting");
  });

  test("a refused resume is tried again", () => {
    connection.connect();
    socket().opens();
    socket().says(HELLO);
    socket().says({ op: "error", ref: "resume", code: "unavailable", detail: "" });
    assert.equal(connection.state.name, "waiting");
  });

  test("a gap in a stream leads to a new resume from before it", async () => {
    becomeReady();
    socket().says(posted(842));
    await clock.pass(250);
    socket().opens();
    socket().says(HELLO);
    assert.equal(socket().command("resume").cursors["room:12"], 840);
  });

  test("another person's session stops the page before anything is sent", () => {
    connection.connect();
    socket().opens();
    socket().says({ ...HELLO, user: { id: "8" } });
    assert.deepEqual([connection.state.reason, socket().sent], ["other_user", []]);
  });

  test("frames of a socket that was given up are not heard", async () => {
    becomeReady();
    const old = socket();
    old.isClosed(1006);
    await clock.pass(250);
    old.says(posted(841));
    assert.equal(session.cursor("room:12"), 840);
  });
});

describe("noticing", () => {
  test("a half-open connection is dropped within 23 s and tried again", async () => {
    becomeReady();
    await clock.pass(15_000);
    assert.ok(socket().command("ping"));
    await clock.pass(8_000);
    assert.equal(connection.state.name, "waiting");
    assert.equal(socket().closedWith, 1005);
  });

  test("becoming visible asks a living connection at once", () => {
    becomeReady();
    connection.nudge();
    assert.ok(socket().command("ping"));
  });

  test("becoming visible while waiting tries at once", async () => {
    becomeReady();
    socket().isClosed(1006);
    connection.nudge();
    assert.equal(sockets.length, 2);
  });

  test("coming online while waiting tries at once", () => {
    becomeReady();
    connection.networkChanged(false);
    socket().isClosed(1006);
    assert.equal(connection.state.offline, true);
    connection.networkChanged(true);
    assert.equal(sockets.length, 2);
    assert.equal(connection.state.offline, false);
  });

  test("going offline shows at once, and an answer proves it wrong", () => {
    becomeReady();
    connection.networkChanged(false);
    assert.deepEqual(connection.state, { name: "ready", offline: true });
    assert.ok(socket().command("ping"));
    socket().says({ op: "pong" });
    assert.deepEqual(connection.state, { name: "ready", offline: false });
  });

  test("trying now by hand does not make a second socket", () => {
    becomeReady();
    socket().isClosed(1006);
    connection.connect();
    connection.connect();
    assert.equal(sockets.length, 2);
  });
});
