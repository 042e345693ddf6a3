"""What befalls the way between clients and nodes, and those who go it."""

from __future__ import annotations

import asyncio
import os
import random
import signal

import httpx

from deploy.cluster import nginx
from tests.support import services
from tests.support.nginx import answers
from tests.torture.installation import Service
from tests.torture.run import Failed, Run

DAYS_MESSAGES = 5000


async def bad_links(run: Run) -> None:
    for proxy in run.proxies:
        proxy.weather.delay_seconds, proxy.weather.jitter_seconds = 0.1, 0.2
    await asyncio.sleep(5)
    for proxy in run.proxies:
        proxy.weather.delay_seconds = proxy.weather.jitter_seconds = 0.0


async def thin_links(run: Run) -> None:
    for proxy in run.proxies:
        proxy.weather.bytes_per_second = 20_000
    await asyncio.sleep(5)
    for proxy in run.proxies:
        proxy.weather.bytes_per_second = None


async def cut_in_frames(run: Run) -> None:
    for _ in range(4):
        for proxy in run.proxies:
            proxy.cut_in_a_frame(0.7)
        await asyncio.sleep(0.8)


async def cut_before_the_ok(run: Run) -> None:
    """Somebody posts, and is cut off in the moment after: the server has it, and its answer never arrives."""
    for _ in range(6):
        for proxy in run.proxies:
            proxy.weather.delay_seconds = 0.05
        member = random.choice(run.members)
        await member.say(random.choice(run.rooms), f"{member.user} says this before the cut")
        await asyncio.sleep(random.uniform(0.05, 0.15))
        for proxy in run.proxies:
            proxy.cut_all(0.5)
            proxy.weather.delay_seconds = 0.0
        await asyncio.sleep(0.4)


async def half_open(run: Run) -> None:
    """One node's links go silent, and nobody is told. Whoever pings notices."""
    proxy = random.choice(run.proxies)
    proxy.weather.silent = True
    await asyncio.sleep(12)
    proxy.cut_all()
    proxy.weather.silent = False


async def partition(run: Run, seconds: float) -> None:
    """Nobody reaches any node; what they say meanwhile waits with them."""
    for proxy in run.proxies:
        proxy.weather.closed = True
        proxy.cut_all()
    endpoints = run.endpoints
    run.endpoints = lambda: [proxy.url for proxy in run.proxies]
    try:
        await asyncio.sleep(seconds)
    finally:
        for proxy in run.proxies:
            proxy.weather.closed = False
        run.endpoints = endpoints


async def partition_of_a_day(run: Run) -> None:
    """Two signed in a day ago, went away, and said something there. Meanwhile as much was said as in a busy day."""
    names = {user: name for name, user in run.cast.ids.items()}
    away = random.sample(run.members, 2)
    others = [member for member in run.members if member not in away]
    kept = {member: member.token for member in away}
    for member in away:
        await member.go_away()
        member.token, member.refresh = await asyncio.to_thread(
            run.installation.nodes[0].sign_in, names[member.user], "-86400"
        )
        await member.say(random.choice(run.rooms), f"{member.user} says this far away")
    expired = {member: member.token for member in away}
    said = []
    for number in range(DAYS_MESSAGES):
        said.append(await others[number % len(others)].say(random.choice(run.rooms), f"said in a day {number}"))
        if number % 50 == 0:
            await asyncio.sleep(0.02)
    await run.until(lambda: all(send.seq is not None for send in said), "the day is over")
    for member in away:
        member.come_back()
    await run.until(run.all_live, "everybody is back")
    for member in away:
        if member.token == expired[member]:
            raise Failed(f"{member.user} came back with a token that expired long ago")
        member.token, member.refresh = kept[member], None


async def slow_readers(run: Run) -> None:
    """Some read nothing for a while, and a lot is said."""
    before = await asyncio.to_thread(too_slow, run)
    slow = random.sample(run.members, max(1, len(run.members) // 4))
    for member in slow:
        member.reads.clear()
    talker = next(member for member in run.members if member not in slow)
    try:
        for number in range(800):
            await talker.say(run.rooms[number % len(run.rooms)], f"{number} " + "much " * 2000)
            if number % 20 == 0:
                await asyncio.sleep(0.02)
        await run.until(lambda: not talker.waiting, "it is all said")
    finally:
        for member in slow:
            member.reads.set()
    if await asyncio.to_thread(too_slow, run) == before:
        raise Failed("nobody was closed with 4413")


def too_slow(run: Run) -> float:
    """How many sockets the nodes have closed with 4413."""
    number = 0.0
    for node in run.installation.nodes:
        for line in httpx.get(f"{node.url}/metrics").text.splitlines():
            if line.startswith('parley_closes_total{code="4413"}'):
                number += float(line.rpartition(" ")[2])
    return number


async def everybody_at_once(run: Run) -> None:
    for proxy in run.proxies:
        proxy.cut_all()
    await asyncio.sleep(1)


async def nginx_trouble(run: Run) -> None:
    """Everybody comes through nginx, which is told to read its configuration again, and then killed."""
    endpoints, port = run.endpoints, services.free_port()
    folder = nginx.write(
        run.installation.folder / "nginx", port=port, nodes=[node.port for node in run.installation.nodes]
    )
    command = [services.program("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    server = Service(command, folder / "log", lambda: answers(port), start_new_session=True)
    await asyncio.to_thread(server.start)
    run.endpoints = lambda: [f"ws://127.0.0.1:{port}/ws/"]
    try:
        for proxy in run.proxies:
            proxy.cut_all()
        await run.until(run.all_live, "everybody is live through nginx")
        server.send(signal.SIGHUP)
        await asyncio.sleep(1)
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        server.kill()
        await asyncio.to_thread(server.start)
        await run.until(run.all_live, "everybody is live through the new nginx")
    finally:
        run.endpoints = endpoints
        if server.process is not None:
            os.killpg(server.process.pid, signal.SIGKILL)
        server.kill()


async def removed_while_catching_up(run: Run) -> None:
    """A member is away, much is said; while they are told of it they are put out of the room, and words are dropped."""
    member, room = random.choice(run.members[2:]), random.choice(run.rooms)
    owner = {"Authorization": f"Bearer {run.cast.tokens['alice']}"}
    members = f"{run.installation.nodes[0].url}/api/v1/rooms/{room}/members/"
    await member.go_away()
    entries = len(member.journal.runs[f"room:{room}"])
    others = [other for other in run.members if other is not member]
    said = [await others[number % len(others)].say(room, f"missed {number}") for number in range(200)]
    await run.until(lambda: all(send.seq is not None for send in said), "what is missed has been said")
    for proxy in run.proxies:
        proxy.weather.bytes_per_second = 60_000  # the replay takes some seconds
    member.rooms = [other for other in run.rooms if other != room]
    member.come_back()
    async with httpx.AsyncClient(headers=owner, timeout=30) as browser:
        await asyncio.sleep(0.5)
        (await browser.delete(f"{members}{member.user}/")).raise_for_status()
        for send in said[::10]:
            message = send.answers[0][0]
            address = f"{run.installation.nodes[1].url}/api/v1/messages/{message}/"
            (await browser.delete(address)).raise_for_status()
        for proxy in run.proxies:
            proxy.weather.bytes_per_second = None
        await others[0].say(room, "not for everybody's ears")
        await asyncio.sleep(1)
        (await browser.post(members, json={"user": member.user})).raise_for_status()
    await run.until(lambda: len(member.journal.runs[f"room:{room}"]) > entries, "who was put out is in again")
    member.rooms = list(run.rooms)
