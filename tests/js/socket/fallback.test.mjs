import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Connection } from "../../../static/js/socket/connection.js";
import { Session } from "../../../static/js/socket/session.js";
import { FakeClock, settled } from "../support/fake_clock.mjs";
import { FakeSocket } from "../support/fake_socket.mjs";
import { posted } from "../support/wire.mjs";

const HELLO = { op: "hello", protocol: "parley.v1", epoch: "e1", user: { id: "3" }, heartbeat: 20, limits: {} };
const READY = { op: "ready", ref: null, epoch: "e1", streams: { "room:12": 840 }, rooms: [], online: [] };

let clock;
let opened;
let signedIn;
let session;
let heard;
let connection;

beforeEach(() => {
  clock = new FakeClock();
  opened = [];
  signedIn = "in";
  session = new Session({ epoch: "e1" });
  session.follow("room:12", 840);
  heard = [];
  session.on("event", ({ seq }) => heard.push(seq));
  connection = new Connection({
    session,
    open: (way) => {
      opened.push(Object.assign(new FakeSocket(), { way }));
      return opened.at(-1);
    },
    signedIn: async () => signedIn,
    clock,
    userId: "3",
    random: () => 0.5,
  });
});

const last = () => opened.at(-1);
const ways = () => opened.map(({ way }) => way);

/** The last one ends, and the connection tries again. */
async function breaks(code) {
  const before = opened.length;
  last().isClosed(code);
  await settled();
  while (opened.length === before) await clock.pass(250);
}

async function refuseSockets() {
  connection.connect();
  while (last().way === "socket") await breaks(1006);
}

async function becomeReadyOnAStream() {
  await refuseSockets();
  last().opens();
  last().says(HELLO);
  last().says(READY);
  await settled();
}

describe("where no socket gets through", () => {
  test("after two refusals a stream is opened, at once", async () => {
    await refuseSockets();
    assert.deepEqual(ways(), ["socket", "socket", "stream"]);
    assert.equal(connection.state.way, "stream");
    last().opens();
    last().says(HELLO);
    last().says(READY);
    last().says(posted(841));
    assert.deepEqual([connection.state.name, heard], ["ready", [841]]);
  });

  test("a socket that opens and says nothing is as good as none", async () => {
    connection.connect();
    for (let seconds = 0; seconds < 22; seconds += 1) {
      if (last().way === "socket") last().opens();
      await clock.pass(1_000);
    }
    assert.equal(last().way, "stream");
  });

  test("a server that is away is no reason", async () => {
    signedIn = "away";
    connection.connect();
    for (let times = 0; times < 5; times += 1) {
      await breaks(1006);
    }
    assert.ok(ways().every((way) => way === "socket"));
  });

  test("a socket that worked is tried again first, however often it breaks", async () => {
    connection.connect();
    for (let times = 0; times < 4; times += 1) {
      last().opens();
      last().says(HELLO);
      last().says(READY);
      await breaks(1006);
    }
    assert.ok(ways().every((way) => way === "socket"));
  });

  test("a stream that brings nothing in five seconds gives way to a poll", async () => {
    await refuseSockets();
    last().opens();
    await clock.pass(5_000);
    assert.equal(last().way, "poll");
    assert.equal(connection.state.way, "poll");
  });

  test("a stream that falls silent after its beginning does so, too", async () => {
    await becomeReadyOnAStream();
    await clock.pass(24_000);
    assert.equal(last().way, "poll");
  });

  test("a full server is asked again by the same way", async () => {
    await refuseSockets();
    for (let times = 0; times < 3; times += 1) await breaks(1013);
    assert.deepEqual(ways().slice(2), ["stream", "stream", "stream", "stream"]);
  });

  test("signed out is signed out by any way", async () => {
    await refuseSockets();
    signedIn = "out";
    last().isClosed(4401);
    await settled();
    assert.equal(connection.state.reason, "signed_out");
  });
});

describe("the way back", () => {
  test("a socket is tried after one, two, five and five minutes", async () => {
    await becomeReadyOnAStream();
    const tried = [];
    for (let minute = 1; minute <= 14; minute += 1) {
      const before = opened.length;
      for (let second = 0; second < 60; second += 5) {
        opened[2].says({ op: "pong" });
        await clock.pass(5_000);
      }
      if (opened.length > before) tried.push(minute);
      if (last().way === "socket") last().isClosed(1006);
    }
    assert.deepEqual(tried, [1, 3, 8, 13]);
    assert.equal(connection.ready, true);
  });

  test("it is gone over to with the cursors, and nothing comes twice", async () => {
    await becomeReadyOnAStream();
    const stream = last();
    connection.networkChanged(true);
    const socket = last();
    assert.equal(socket.way, "socket");
    socket.opens();
    stream.says(posted(841));
    socket.says(HELLO);
    await settled();
    assert.notEqual(stream.closedWith, null);
    assert.deepEqual(socket.command("resume").cursors, { "room:12": 841 });
    assert.equal(connection.state.returning, true);
    stream.says(posted(842));
    socket.says(posted(842));
    socket.says({ ...READY, streams: { "room:12": 842 } });
    assert.deepEqual(heard, [841, 842]);
    assert.deepEqual(connection.state, { name: "ready", offline: false });
    socket.isClosed(1006);
    await clock.pass(1_000);
    assert.equal(last().way, "socket");
  });

  test("what has been asked is answered first", async () => {
    await becomeReadyOnAStream();
    const stream = last();
    const answer = connection.request("edit", { message: "m1", body: "better" });
    connection.networkChanged(true);
    last().opens();
    last().says(HELLO);
    await settled();
    assert.equal(stream.closedWith, null);
    stream.says({ op: "ok", ref: stream.command("edit").ref, seq: 841 });
    assert.equal((await answer).seq, 841);
    await settled();
    assert.notEqual(stream.closedWith, null);
    assert.equal(connection.state.name, "resuming");
  });

  test("a socket that opens and says nothing changes nothing", async () => {
    await becomeReadyOnAStream();
    connection.networkChanged(true);
    const socket = last();
    socket.opens();
    for (let seconds = 0; seconds < 12; seconds += 4) {
      opened[2].says({ op: "pong" });
      await clock.pass(4_000);
    }
    assert.notEqual(socket.closedWith, null);
    assert.equal(connection.ready, true);
  });
});
