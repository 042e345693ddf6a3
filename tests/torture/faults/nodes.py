"""What befalls a node: killed, frozen, restarted, out of files, with another clock."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal

import httpx

from tests.torture.installation import Node
from tests.torture.run import Failed, Run


def some_node(run: Run) -> Node:
    return random.choice(run.installation.nodes)


async def kill_node(run: Run) -> None:
    node = some_node(run)
    node.kill()
    await asyncio.sleep(2)
    await asyncio.to_thread(node.start)


async def freeze_node(run: Run, seconds: float) -> None:
    node = some_node(run)
    assert node.process is not None
    node.process.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        node.process.send_signal(signal.SIGCONT)


async def restart_all(run: Run) -> None:
    for node in run.installation.nodes:
        code = await asyncio.to_thread(node.terminate)
        if code != 0:
            raise Failed(f"a node that was asked to end did so with {code}")
        await asyncio.to_thread(node.start)


async def crash_at(run: Run, hook: str) -> None:
    nodes = run.installation.nodes
    nodes[0].arm(hook)

    def dead() -> list[Node]:
        return [node for node in nodes if node.process is not None and node.process.poll() is not None]

    await run.until(lambda: bool(dead()), f"a node has crashed ({hook})", 30)
    for node in dead():
        node.kill()
        await asyncio.to_thread(node.start)


async def no_more_files(run: Run) -> None:
    """A node may open no more files, while many want to come."""
    node = some_node(run)
    assert node.process is not None
    before = resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE)
    used = len(os.listdir(f"/proc/{node.process.pid}/fd"))
    resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, (used + 4, before[1]))
    comers = []
    try:
        for _ in range(40):
            comers.append(await asyncio.open_connection("127.0.0.1", node.port))
        await asyncio.sleep(3)
    finally:
        resource.prlimit(node.process.pid, resource.RLIMIT_NOFILE, before)
        for _, writer in comers:
            writer.close()


async def jump_the_clock(run: Run) -> None:
    """The clock of one node goes an hour ahead, and an hour back."""
    node = some_node(run)
    await asyncio.to_thread(node.restart_with_clock, "+0")
    try:
        await run.until(run.all_live, "everybody is live")
        for offset in ("+3600", "-3600", "+0"):
            node.set_clock(offset)
            await asyncio.sleep(2)
    finally:
        await asyncio.to_thread(node.restart_with_clock, None)


async def two_clocks(run: Run) -> None:
    """One node is 90 s ahead; who signed in there comes to another."""
    ahead, other = run.installation.nodes[:2]
    await asyncio.to_thread(ahead.restart_with_clock, "+90")
    try:
        token, _ = await asyncio.to_thread(ahead.sign_in, "alice")
        answer = await asyncio.to_thread(
            httpx.get, f"{other.url}/api/v1/me/", headers={"Authorization": f"Bearer {token}"}
        )
        if answer.status_code != 200:
            raise Failed(f"a token of the node that is ahead is answered with {answer.status_code}: {answer.text}")
        await run.until(run.all_live, "everybody is live")
    finally:
        await asyncio.to_thread(ahead.restart_with_clock, None)
