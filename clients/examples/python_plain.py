"""A client from docs/protocol.md alone: says each line of standard input in a room, and prints what is said there.

    PARLEY_URL=… PARLEY_TOKEN=… python python_plain.py ROOM

What it says is kept until it is acknowledged, and what it hears comes once and in order, whatever breaks in between.
At the end of its input it waits for the last acknowledgement, and ends.
"""

import asyncio
import json
import os
import random
import sys
import threading
import time
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

STOPS = {4400, 4401, 4403, 1002, 1003, 1007, 1008, 1009}
"""A token that expires (4401) is not renewed here: this is for personal access tokens."""


class Plain:
    def __init__(self, url: str, token: str, room: str) -> None:
        self.url = url.rstrip("/").replace("http", "ws", 1) + "/ws/"
        self.token = token
        self.room = room
        self.stream = f"room:{room}"
        self.epoch: str | None = None
        self.cursor: int | None = None
        self.outbox: dict[str, str] = {}  # id → body, in the order of writing
        self.socket: ClientConnection | None = None
        self.retry_ms: list[int] | None = None
        self.empty = asyncio.Event()

    async def live(self) -> None:
        """One connection after the other: "Heartbeat, closing" in the protocol."""
        failures = 0
        while True:
            begun = time.monotonic()
            try:
                await self.one_connection()
            except InvalidStatus as refused:
                if refused.response.status_code in (401, 403):
                    sys.exit("the token is refused")
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code in STOPS:
                    sys.exit(f"closed with {closed.rcvd.code}")
            except (OSError, TimeoutError, InvalidHandshake):
                pass
            self.socket = None
            if time.monotonic() - begun > 30:
                failures = 0
            low, high = self.retry_ms or (0, min(30_000, 500 * 2 ** min(failures, 16)))
            failures += 1
            await asyncio.sleep(random.uniform(low, high) / 1000)

    async def one_connection(self) -> None:
        self.retry_ms = None
        async with connect(
            self.url,
            additional_headers={"Authorization": f"Bearer {self.token}"},
            subprotocols=["parley.v1"],  # type: ignore[list-item]
            ping_interval=10,
            ping_timeout=10,
        ) as socket:
            json.loads(await socket.recv())  # hello
            resume: dict[str, Any] = {"op": "resume", "ref": "resume"}
            if self.cursor is not None:
                resume |= {"epoch": self.epoch, "cursors": {self.stream: self.cursor}}
            await socket.send(json.dumps(resume))
            async for text in socket:
                await self.hear(socket, json.loads(text))

    async def hear(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case "ready":
                self.epoch = frame["epoch"]
                if self.stream not in frame["streams"]:
                    sys.exit("you are not in this room")
                self.cursor = frame["streams"][self.stream]
                self.socket = socket
                print("-- ready", flush=True)
                for id in self.outbox:  # the same ids again: each is there once
                    await self.send(id)
            case "reset" if frame["stream"] == self.stream:
                self.cursor = frame["seq"]
                print("-- something is missing here", flush=True)
            case "event" if frame["stream"] == self.stream:
                self.cursor = frame["seq"]
                if frame["type"] == "message.posted" and not frame["data"]["deleted_at"]:
                    print(f"{frame['data']['sender']['username']}: {frame['data']['body']}", flush=True)
            case "ok" if frame["ref"] in self.outbox:
                self.settled(frame["ref"])
            case "error" if frame["ref"] in self.outbox:
                if frame["code"] not in ("unavailable", "rate_limited"):
                    print(f"-- refused: {frame['detail']}", flush=True)
                    self.settled(frame["ref"])
                else:
                    asyncio.get_running_loop().call_later(
                        frame.get("retry_after", 1), lambda: asyncio.ensure_future(self.send(frame["ref"]))
                    )
            case "error":
                sys.exit(f"refused: {frame['detail']}")
            case "bye":
                self.retry_ms = frame["retry_ms"]

    def settled(self, id: str) -> None:
        del self.outbox[id]
        if not self.outbox:
            self.empty.set()

    async def say(self, body: str) -> None:
        id = str(uuid.uuid4())
        self.outbox[id] = body
        self.empty.clear()
        await self.send(id)

    async def send(self, id: str) -> None:
        """Now, if there is a connection; else `ready` does it."""
        if self.socket is not None and id in self.outbox:
            frame = {"op": "post", "ref": id, "room": self.room, "id": id, "body": self.outbox[id]}
            try:
                await self.socket.send(json.dumps(frame))
            except ConnectionClosed:
                self.socket = None


def lines(loop: asyncio.AbstractEventLoop) -> "asyncio.Queue[str]":
    """Of standard input, by a thread of its own; the empty one is the end."""
    found: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        while line := sys.stdin.readline():
            loop.call_soon_threadsafe(found.put_nowait, line)
        loop.call_soon_threadsafe(found.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    return found


async def main() -> None:
    client = Plain(os.environ["PARLEY_URL"], os.environ["PARLEY_TOKEN"], sys.argv[1])
    living = asyncio.create_task(client.live())
    said = lines(asyncio.get_running_loop())
    while line := await said.get():
        if line.strip():
            await client.say(line.rstrip("\n"))
    if client.outbox:
        await client.empty.wait()
    living.cancel()


if __name__ == "__main__":
    asyncio.run(main())
