// A client from docs/protocol.md alone: says each line of standard input in a room, and prints what is said there.
//
//     PARLEY_URL=… PARLEY_TOKEN=… node chat.mjs ROOM
//
// What it says is kept until it is acknowledged, and what it hears comes once and in order, whatever breaks in
// between. At the end of its input it waits for the last acknowledgement, and ends.

import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

// Node has a WebSocket of its own from 22 on.
const WebSocket = globalThis.WebSocket ?? (await import("ws")).WebSocket;

const STOPS = new Set([4400, 4401, 4403, 1002, 1003, 1007, 1008, 1009]);
const IDLE_MS = 10_000;
const HANDSHAKE_MS = 10_000;

const [room] = process.argv.slice(2);
const { PARLEY_URL, PARLEY_TOKEN } = process.env;
const url = `${PARLEY_URL.replace(/\/$/, "").replace(/^http/, "ws")}/ws/`;
const stream = `room:${room}`;

const outbox = new Map(); // id → body, in the order of writing
let cursor;
let epoch;
let socket = null; // the connection that is ready
let failures = 0;
let retryMs;
let ended = false;

function stop(reason) {
  console.error(reason);
  process.exit(1);
}

function connect() {
  // A standard WebSocket sets no headers: the token is offered as a second subprotocol, and never echoed.
  const current = new WebSocket(url, ["parley.v1", `bearer.${PARLEY_TOKEN}`]);
  const begun = Date.now();
  let opened = false;
  let lost = false;
  let timer;
  retryMs = undefined;

  const send = (frame) => current.send(JSON.stringify(frame));
  const drop = ({ code = 1006 } = {}) => {
    if (lost) return;
    lost = true;
    socket = null;
    clearTimeout(timer);
    current.close();
    if (STOPS.has(code)) stop(`closed with ${code}`);
    // A WebSocket does not tell why a handshake failed: HTTP does.
    if (!opened) stopIfRefused();
    if (Date.now() - begun > 30_000) failures = 0;
    const [low, high] = retryMs ?? [0, Math.min(30_000, 500 * 2 ** failures)];
    failures += 1;
    setTimeout(connect, low + Math.random() * (high - low));
  };
  // Half-open: after silence it asks, and without any answer it gives up.
  const heard = (ms = IDLE_MS) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (socket !== current) return drop();
      send({ op: "ping" });
      timer = setTimeout(drop, IDLE_MS);
    }, ms);
  };

  heard(HANDSHAKE_MS);
  current.addEventListener("open", () => (opened = true));
  current.addEventListener("error", () => {});
  current.addEventListener("close", drop);
  current.addEventListener("message", ({ data }) => {
    if (lost) return;
    heard();
    const frame = JSON.parse(data);
    if (frame.op === "hello") {
      const place = cursor === undefined ? {} : { epoch, cursors: { [stream]: cursor } };
      send({ op: "resume", ref: "resume", ...place });
    } else if (frame.op === "ready") {
      if (!(stream in frame.streams)) stop("you are not in this room");
      ({ epoch } = frame);
      cursor = frame.streams[stream];
      socket = current;
      console.log("-- ready");
      for (const id of outbox.keys()) post(id); // the same ids again: each is there once
    } else if (frame.op === "bye") {
      retryMs = frame.retry_ms;
    } else {
      hear(frame);
    }
  });
}

function hear({ op, ref, stream: from, seq, type, data, code, detail, retry_after: retryAfter = 1 }) {
  if (op === "event" && from === stream) {
    cursor = seq;
    if (type === "message.posted" && !data.deleted_at) console.log(`${data.sender.username}: ${data.body}`);
  } else if (op === "reset" && from === stream) {
    cursor = seq;
    console.log("-- something is missing here");
  } else if (op === "ok") {
    settled(ref);
  } else if (op === "error" && !outbox.has(ref)) {
    stop(`refused: ${detail}`);
  } else if (op === "error" && ["unavailable", "rate_limited"].includes(code)) {
    setTimeout(() => post(ref), retryAfter * 1000);
  } else if (op === "error") {
    console.log(`-- refused: ${detail}`);
    settled(ref);
  }
}

async function stopIfRefused() {
  try {
    const headers = { Authorization: `Bearer ${PARLEY_TOKEN}` };
    const { status } = await fetch(`${PARLEY_URL}/api/v1/me/`, { headers });
    if (status === 401) stop("the token is refused");
  } catch {
    // Nobody there: the next try will tell.
  }
}

/** Now, if there is a connection; else `ready` does it. */
function post(id) {
  if (socket !== null && outbox.has(id)) {
    socket.send(JSON.stringify({ op: "post", ref: id, room, id, body: outbox.get(id) }));
  }
}

function settled(id) {
  outbox.delete(id);
  if (ended && outbox.size === 0) process.exit(0);
}

connect();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line.trim() === "") return;
    const id = randomUUID();
    outbox.set(id, line);
    post(id);
  })
  .on("close", () => {
    ended = true;
    if (outbox.size === 0) process.exit(0);
  });
