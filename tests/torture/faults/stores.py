"""What befalls PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import time

import psycopg
import redis

from chat.streams import publishing
from tests.torture.run import Exceeded, Failed, Run, quantile

AWAY_SECONDS = 4.0
"""Within which a post gets an answer while the database is away."""
OVERCOME = "overcoming of output buffer limits"
"""What Redis logs when it drops who does not read."""
HELD_SECONDS = 3.0
OTHER_ROOMS_SECONDS = HELD_SECONDS / 2
"""What one in a hundred posts to other rooms may wait for while one room is stuck: whoever waits for that room waits
for all of it, whoever waits for a busy machine does not. How long it was is in the report."""


async def kill_redis(run: Run) -> None:
    assert run.installation.redis is not None
    run.installation.redis.kill()
    await asyncio.sleep(4)
    await asyncio.to_thread(run.installation.redis.start)
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
    await asyncio.sleep(publishing.SEND_SECONDS)  # whoever publishes one of them has given up
    await asyncio.to_thread(run.installation.redis.start)


async def kill_redis_under_last_words(run: Run) -> None:
    await last_words(run)
    await run.rest()
    for member in run.members:
        member.talk(run.per_second)


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
    """A subscription may hold next to nothing that was not read: Redis cuts it, and what was in it is gone."""
    limit, log = "client-output-buffer-limit", run.installation.folder / "redis.log"
    before = log.read_text().count(OVERCOME)
    with redis.Redis.from_url(run.installation.redis_url) as client:
        kept = client.config_get(limit)[limit]
        client.config_set(limit, "pubsub 16384 0 0")
        try:
            for number in range(10):
                await random.choice(run.members).say(random.choice(run.rooms), f"{number} " + "a lot " * 2500)
                await asyncio.sleep(0.3)
        finally:
            client.config_set(limit, kept)
    if log.read_text().count(OVERCOME) == before:
        raise Failed("Redis has dropped nothing")
    await asyncio.sleep(2)


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
    await asyncio.to_thread(run.installation.postgresql.start)


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


async def kill_at_commit(run: Run) -> None:
    """COMMIT is on disk and waits for a standby: who is cut off there cannot know that it was stored."""
    waiting = "pid <> pg_backend_pid() AND usename = 'parley' AND wait_event = 'SyncRep'"
    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {waiting}"

    def standby(name: str) -> None:
        with run.installation.connection() as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
            connection.execute("SELECT pg_reload_conf()")

    for _ in range(3):
        await asyncio.to_thread(standby, "nobody")
        try:
            deadline = time.monotonic() + 10
            while not await asyncio.to_thread(run.installation.ask, kill):
                if time.monotonic() > deadline:
                    raise Failed("no COMMIT has waited")
        finally:
            await asyncio.to_thread(standby, "")
        await asyncio.sleep(0.5)


async def hold_a_room(run: Run, table: str) -> None:
    """Somebody's transaction holds one room; those who post to the others must not notice."""
    room, *others = run.rooms
    with contextlib.closing(psycopg.connect(run.installation.database_url)) as connection:
        connection.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [room])
        await asyncio.sleep(0.3)
        with run.watching(others) as times:
            await asyncio.sleep(HELD_SECONDS)
        connection.rollback()
    waited = quantile(times, 0.99)
    if waited is None or waited > OTHER_ROOMS_SECONDS:
        raise Exceeded(f"while one room was held, posts to the others waited {waited} s (99 of 100)")


async def restore_a_backup(run: Run) -> None:
    """What was acknowledged since the backup is given up; everybody begins again with what it holds."""
    await run.rest()
    findings = run.check()
    if findings.any:
        raise Failed(f"before the backup:\n{findings}")
    node, file = run.installation.nodes[0], str(run.installation.folder / f"backup-{time.monotonic_ns()}.tar.gz")
    await asyncio.to_thread(node.manage, "backup", file)
    epochs = {member: member.epochs for member in run.everybody}
    given_up = [
        await member.say(random.choice(run.rooms), f"{member.user} says this in vain") for member in run.members
    ]
    await run.until(lambda: all(send.seq is not None for send in given_up), "what is given up was acknowledged")
    await asyncio.to_thread(node.manage, "restore", file, "--replace")
    for send in given_up:
        send.outcome, send.seq, send.answers = "unknown", None, []
    for member in run.members:
        member.newest.clear()
    await run.until(
        lambda: all(member.epochs > epochs[member] and member.live.is_set() for member in run.everybody),
        "everybody has begun again",
    )
    for member in run.members:
        member.talk(run.per_second)
