"""The faults, one function each: it makes the trouble, and ends it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import resource
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import httpx
import psycopg
import redis

from deploy.cluster import nginx
from deploy.cluster.__main__ import program
from tests.support import services
from tests.support.nginx import answers
from tests.torture.installation import Node, Service
from tests.torture.run import Failed, Run, quantile

AWAY_SECONDS = 4.0
"""Within which a post gets an answer while the database is away."""
ISSUE = (
    "from chat.models import User; from chat.operations.tokens import issue_tokens; "
    "print(issue_tokens(user=User.objects.get(username='alice')).access)"
)
"""Issues a token, by the clock of the node whose environment it runs in."""
OTHER_ROOMS_SECONDS = 0.5
"""What one in a hundred posts to other rooms may wait for while one room is stuck."""


@dataclass(frozen=True)
class Fault:
    name: str
    how: str
    expected: str
    make: Callable[[Run], Awaitable[None]]
    live_seconds: float | None = None
    """The bound for who was cut off: 99 of 100 are live again within it."""
    delivery_seconds: float | None = None
    """The bound for what was acknowledged meanwhile: 99 of 100 are heard by all within it."""
    long_only: bool = False


def some_node(run: Run) -> Node:
    return random.choice(run.installation.nodes)


async def in_thread(function: Callable[..., object], *args: object) -> None:
    await asyncio.to_thread(function, *args)


# Nodes ------------------------------------------------------------------------------------------------


async def kill_node(run: Run) -> None:
    node = some_node(run)
    node.kill()
    await asyncio.sleep(2)
    await in_thread(node.start)


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
        await in_thread(node.start)


async def crash_at(run: Run, hook: str) -> None:
    nodes = run.installation.nodes
    nodes[0].arm(hook)

    def dead() -> list[Node]:
        return [node for node in nodes if node.process is not None and node.process.poll() is not None]

    await run.until(lambda: bool(dead()), f"a node has crashed ({hook})", 30)
    for node in dead():
        node.kill()
        await in_thread(node.start)


# Redis ------------------------------------------------------------------------------------------------


async def kill_redis(run: Run) -> None:
    assert run.installation.redis is not None
    run.installation.redis.kill()
    await asyncio.sleep(4)
    await in_thread(run.installation.redis.start)
    await asyncio.sleep(3)


async def last_words(run: Run) -> None:
    """Everybody says one thing more while Redis is away, and nothing after it: no gap tells that it was said."""
    assert run.installation.redis is not None
    for member in run.members:
        member.hush()
    await run.until(lambda: not any(member.waiting for member in run.members), "every message is answered")
    run.installation.redis.kill()
    for member in run.members:
        await member.say(random.choice(run.rooms), f"{member.user} says a last word")
    await run.until(lambda: not any(member.waiting for member in run.members), "every message is answered")
    await in_thread(run.installation.redis.start)


async def freeze_redis(run: Run) -> None:
    assert run.installation.redis is not None
    run.installation.redis.send(signal.SIGSTOP)
    try:
        await asyncio.sleep(4)
    finally:
        run.installation.redis.send(signal.SIGCONT)
    await asyncio.sleep(2)


async def flush_redis(run: Run) -> None:
    with redis.Redis.from_url(run.installation.redis_url) as client:
        client.flushall()
    await asyncio.sleep(2)


async def redis_drops_output(run: Run) -> None:
    """As it does when a node reads too slowly: its subscription is cut, and what was in it is gone."""
    with redis.Redis.from_url(run.installation.redis_url) as client:
        for _ in range(5):
            client.client_kill_filter(_type="pubsub")
            await asyncio.sleep(0.6)
    await asyncio.sleep(2)


# PostgreSQL -------------------------------------------------------------------------------------------


async def kill_postgresql(run: Run) -> None:
    assert run.installation.postgresql is not None
    run.installation.postgresql.kill(signal.SIGQUIT)  # immediate: no checkpoint, recovery at the next start
    await asyncio.sleep(0.5)
    refused = {member: member.refusals for member in run.members}
    said = [await member.say(run.rooms[0], f"{member.user} says this without a database") for member in run.members]
    await run.until(
        lambda: all(
            send.seq is not None or refused[member] < member.refusals
            for member, send in zip(run.members, said, strict=True)
        ),
        "who posts without a database is told so at once",
        AWAY_SECONDS,
    )
    await asyncio.sleep(2)
    await in_thread(run.installation.postgresql.start)


async def freeze_postgresql(run: Run) -> None:
    """All of its processes: they are one session of the operating system."""
    assert run.installation.postgresql is not None and run.installation.postgresql.process is not None
    backends = await asyncio.to_thread(
        run.installation.ask, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    )
    process = run.installation.postgresql
    process.send(signal.SIGSTOP)
    for (pid,) in backends:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(4)
    finally:
        for (pid,) in backends:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGCONT)
        process.send(signal.SIGCONT)


async def kill_backends(run: Run) -> None:
    """At any moment, COMMIT among them: whether it was done is then unknown."""
    others = "pid <> pg_backend_pid() AND usename = 'parley'"
    query = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {others}"
    until = time.monotonic() + 3
    while time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            await asyncio.to_thread(run.installation.ask, query)
        await asyncio.sleep(random.uniform(0.05, 0.3))


async def hold_a_room(run: Run, table: str) -> None:
    """Somebody's transaction holds one room; those who post to the others must not notice."""
    room, *others = run.rooms
    with contextlib.closing(psycopg.connect(run.installation.database_url)) as connection:
        connection.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [room])
        await asyncio.sleep(0.3)
        with run.watching(others) as times:
            await asyncio.sleep(3)
        connection.rollback()
    waited = quantile(times, 0.99)
    if waited is None or waited > OTHER_ROOMS_SECONDS:
        raise Failed(f"while one room was held, posts to the others waited {waited} s (99 of 100)")


# The way between --------------------------------------------------------------------------------------


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


# Whatever else --------------------------------------------------------------------------------------


async def nginx_trouble(run: Run) -> None:
    """Everybody comes through nginx, which is told to read its configuration again, and then killed."""
    endpoints, port = run.endpoints, services.free_port()
    folder = nginx.write(
        run.installation.folder / "nginx", port=port, nodes=[node.port for node in run.installation.nodes]
    )
    command = [program("nginx"), "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    server = Service(command, folder / "log", lambda: answers(port), start_new_session=True)
    await in_thread(server.start)
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
        await in_thread(server.start)
        await run.until(run.all_live, "everybody is live through the new nginx")
    finally:
        run.endpoints = endpoints
        if server.process is not None:
            os.killpg(server.process.pid, signal.SIGKILL)
        server.kill()


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


async def restore_a_backup(run: Run) -> None:
    """What was acknowledged since the backup is given up; everybody begins again with what it holds."""
    await run.rest()
    findings = run.check()
    if findings.any:
        raise Failed(f"before the backup:\n{findings}")
    node, file = run.installation.nodes[0], str(run.installation.folder / f"backup-{time.monotonic_ns()}.tar.gz")
    await in_thread(node.manage, "backup", file)
    epochs = {member: member.epochs for member in run.everybody}
    given_up = [
        await member.say(random.choice(run.rooms), f"{member.user} says this in vain") for member in run.members
    ]
    await run.until(lambda: all(send.seq is not None for send in given_up), "what is given up was acknowledged")
    await in_thread(node.manage, "restore", file, "--replace")
    for send in given_up:
        send.outcome, send.seq, send.answers = "unknown", None, []
    await run.until(
        lambda: all(member.epochs > epochs[member] and member.live.is_set() for member in run.everybody),
        "everybody has begun again",
    )
    for member in run.members:
        member.talk(run.per_second)


async def jump_the_clock(run: Run) -> None:
    """The clock of one node goes an hour ahead, and an hour back."""
    node = some_node(run)
    await in_thread(node.restart_with_clock, "+0")
    try:
        await run.until(run.all_live, "everybody is live")
        for offset in ("+3600", "-3600", "+0"):
            node.set_clock(offset)
            await asyncio.sleep(2)
    finally:
        await in_thread(node.restart_with_clock, None)


async def two_clocks(run: Run) -> None:
    """One node is 90 s ahead; who signed in there comes to another."""
    ahead, other = run.installation.nodes[:2]
    await in_thread(ahead.restart_with_clock, "+90")
    try:
        token = await asyncio.to_thread(ahead.manage, "shell", "-v0", "-c", ISSUE)
        answer = await asyncio.to_thread(
            httpx.get, f"{other.url}/api/v1/me/", headers={"Authorization": f"Bearer {token.split()[-1]}"}
        )
        if answer.status_code != 200:
            raise Failed(f"a token of the node that is ahead is answered with {answer.status_code}: {answer.text}")
        await run.until(run.all_live, "everybody is live")
    finally:
        await in_thread(ahead.restart_with_clock, None)


FAULTS = [
    Fault(
        "node killed", "SIGKILL, started again after 2 s", "its clients are live elsewhere within 5 s", kill_node, 5.0
    ),
    Fault(
        "node frozen for 5 s",
        "SIGSTOP, SIGCONT",
        "who waits goes on, who left comes back",
        partial(freeze_node, seconds=5),
    ),
    Fault(
        "node frozen for 30 s",
        "SIGSTOP, SIGCONT",
        "who waits goes on, who left comes back",
        partial(freeze_node, seconds=30),
        long_only=True,
    ),
    Fault("rolling restart", "SIGTERM to each node in turn", "exit code 0, clients move, spread over 8 s", restart_all),
    Fault(
        "crash before a commit",
        "SIGKILL to itself before COMMIT",
        "nothing is stored, clients send it again",
        partial(crash_at, hook="crash-before-commit"),
        5.0,
    ),
    Fault(
        "crash after a commit",
        "SIGKILL to itself between COMMIT and telling",
        "stored once; clients send it again and get the first answer",
        partial(crash_at, hook="crash-after-commit"),
        5.0,
    ),
    Fault("Redis killed", "SIGKILL, away for 4 s", "posting goes on, delivery within 3 s", kill_redis, None, 3.0),
    Fault("Redis frozen for 4 s", "SIGSTOP, SIGCONT", "posting goes on, delivery within 3 s", freeze_redis, None, 3.0),
    Fault("Redis emptied", "FLUSHALL", "nobody notices", flush_redis, None, 3.0),
    Fault(
        "Redis drops output",
        "CLIENT KILL TYPE pubsub, five times",
        "repaired within 3 s",
        redis_drops_output,
        None,
        3.0,
    ),
    Fault(
        "PostgreSQL killed",
        "immediate stop, away for 3 s",
        "`unavailable` at once, sockets stay, everything goes through after",
        kill_postgresql,
    ),
    Fault("PostgreSQL frozen for 4 s", "SIGSTOP to all its processes", "posts wait, sockets stay", freeze_postgresql),
    Fault(
        "backends killed",
        "pg_terminate_backend of all, again and again for 3 s",
        "stored or not, never twice",
        kill_backends,
    ),
    Fault(
        "a room's stream held",
        "SELECT … FOR UPDATE for 3 s",
        "the other rooms do not notice",
        partial(hold_a_room, table="chat_stream"),
    ),
    Fault(
        "a room's row held",
        "SELECT … FOR UPDATE for 3 s",
        "the other rooms do not notice",
        partial(hold_a_room, table="chat_room"),
    ),
    Fault("bad links", "100 to 300 ms each way, 5 s", "later, but all of it", bad_links),
    Fault("thin links", "20 kB/s each way, 5 s", "later, but all of it", thin_links, long_only=True),
    Fault("cut in a frame", "reset a few bytes into a frame, four times", "resumed from the cursor", cut_in_frames),
    Fault(
        "cut between post and ok",
        "reset after the post was sent, six times",
        "sent again, stored once",
        cut_before_the_ok,
    ),
    Fault("half-open", "a third of the links silent for 12 s", "noticed by pings", half_open),
    Fault("partition of 3 s", "no way to any node", "all of it afterwards", partial(partition, seconds=3)),
    Fault(
        "partition of a minute",
        "no way to any node",
        "all of it afterwards",
        partial(partition, seconds=60),
        long_only=True,
    ),
    Fault(
        "slow readers",
        "a quarter reads nothing while 8 MB are said",
        "they alone are closed (4413), and come back",
        slow_readers,
    ),
    Fault("everybody at once", "all links reset", "live again within 5 s", everybody_at_once, 5.0),
    Fault("nginx reloaded and killed", "SIGHUP, SIGKILL, started again", "who was cut off comes back", nginx_trouble),
    Fault(
        "no more files",
        "RLIMIT_NOFILE at what is open, 40 connections",
        "the node lives, its sockets stay",
        no_more_files,
    ),
    Fault(
        "put out while catching up",
        "member removed, 20 messages deleted during a replay of 200, added again",
        "nothing of the time between is heard",
        removed_while_catching_up,
    ),
    Fault(
        "backup restored",
        "`manage.py restore --replace` under all nodes",
        "everybody begins again with what it holds",
        restore_a_backup,
        long_only=True,
    ),
    Fault("clock jumps", "one node an hour ahead, an hour back", "nobody notices", jump_the_clock, long_only=True),
    Fault("two clocks", "one node 90 s ahead", "a token of the one opens the other", two_clocks),
]
CLOCKS = (jump_the_clock, two_clocks)
"""Those that need libfaketime."""
