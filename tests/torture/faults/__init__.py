"""The faults: a function each, which makes the trouble and ends it, and a row of FAULTS."""

from __future__ import annotations

from functools import partial

from tests.torture.faults import links, nodes, stores
from tests.torture.faults.fault import Fault

FAULTS = [
    Fault(
        "node killed",
        "SIGKILL, started again after 2 s",
        "its clients are live elsewhere within 5 s",
        nodes.kill_node,
        5.0,
    ),
    Fault(
        "node frozen for 5 s",
        "SIGSTOP, SIGCONT",
        "who waits goes on, who left comes back",
        partial(nodes.freeze_node, seconds=5),
    ),
    Fault(
        "node frozen for 30 s",
        "SIGSTOP, SIGCONT",
        "who waits goes on, who left comes back",
        partial(nodes.freeze_node, seconds=30),
        long_only=True,
    ),
    Fault(
        "rolling restart",
        "SIGTERM to each node in turn",
        "exit code 0, clients move, spread over 8 s",
        nodes.restart_all,
    ),
    Fault(
        "crash before a commit",
        "SIGKILL to itself before COMMIT",
        "nothing is stored, clients send it again",
        partial(nodes.crash_at, hook="crash-before-commit"),
        5.0,
    ),
    Fault(
        "crash after a commit",
        "SIGKILL to itself between COMMIT and telling",
        "stored once; clients send it again and get the first answer",
        partial(nodes.crash_at, hook="crash-after-commit"),
        5.0,
    ),
    Fault(
        "Redis killed", "SIGKILL, away for 4 s", "posting goes on, delivery within 3 s", stores.kill_redis, None, 3.0
    ),
    Fault(
        "Redis killed under the last words",
        "everybody says one thing while it is away, and nothing after it",
        "all of it is heard, though no gap tells of it",
        stores.kill_redis_under_last_words,
    ),
    Fault(
        "Redis frozen for 4 s",
        "SIGSTOP, SIGCONT",
        "posting goes on, delivery within 3 s",
        stores.freeze_redis,
        None,
        3.0,
    ),
    Fault("Redis emptied", "FLUSHALL", "nobody notices", stores.flush_redis, None, 3.0),
    Fault(
        "Redis drops output",
        "an output buffer of 16 kB for each subscription, messages of 30 kB",
        "repaired within 3 s",
        stores.redis_drops_output,
        None,
        3.0,
    ),
    Fault(
        "PostgreSQL killed",
        "immediate stop, away for 3 s",
        "`unavailable` at once, sockets stay, everything goes through after",
        stores.kill_postgresql,
    ),
    Fault(
        "PostgreSQL frozen for 4 s",
        "SIGSTOP to all its processes",
        "posts wait, sockets stay",
        stores.freeze_postgresql,
    ),
    Fault(
        "backends killed",
        "pg_terminate_backend of all, again and again for 3 s",
        "stored or not, never twice",
        stores.kill_backends,
    ),
    Fault(
        "a backend killed at COMMIT",
        "pg_terminate_backend while COMMIT waits for a standby that does not exist, three times",
        "it was stored and nobody knows: sent again, it gets its first answer",
        stores.kill_at_commit,
    ),
    Fault(
        "a room's stream held",
        "SELECT … FOR UPDATE for 3 s",
        "the other rooms do not notice",
        partial(stores.hold_a_room, table="chat_stream"),
    ),
    Fault(
        "a room's row held",
        "SELECT … FOR UPDATE for 3 s",
        "the other rooms do not notice",
        partial(stores.hold_a_room, table="chat_room"),
    ),
    Fault("bad links", "100 to 300 ms each way, 5 s", "later, but all of it", links.bad_links),
    Fault("thin links", "20 kB/s each way, 5 s", "later, but all of it", links.thin_links, long_only=True),
    Fault(
        "cut in a frame", "reset a few bytes into a frame, four times", "resumed from the cursor", links.cut_in_frames
    ),
    Fault(
        "cut between post and ok",
        "reset after the post was sent, six times",
        "sent again, stored once",
        links.cut_before_the_ok,
    ),
    Fault("half-open", "a third of the links silent for 12 s", "noticed by pings", links.half_open),
    Fault("partition of 3 s", "no way to any node", "all of it afterwards", partial(links.partition, seconds=3)),
    Fault(
        "partition of a minute",
        "no way to any node",
        "all of it afterwards",
        partial(links.partition, seconds=60),
        long_only=True,
    ),
    Fault(
        "partition of a day",
        f"two whose tokens are a day old, {links.DAYS_MESSAGES:,} messages said meanwhile",
        "new tokens, all of it from the log, and what they wrote",
        links.partition_of_a_day,
    ),
    Fault(
        "slow readers",
        "a quarter reads nothing while 8 MB are said",
        "they alone are closed (4413), and come back",
        links.slow_readers,
    ),
    Fault("everybody at once", "all links reset", "live again within 5 s", links.everybody_at_once, 5.0),
    Fault(
        "nginx reloaded and killed", "SIGHUP, SIGKILL, started again", "who was cut off comes back", links.nginx_trouble
    ),
    Fault(
        "no more files",
        "RLIMIT_NOFILE at what is open, 40 connections",
        "the node lives, its sockets stay",
        nodes.no_more_files,
    ),
    Fault(
        "put out while catching up",
        "member removed, 20 messages deleted during a replay of 200, added again",
        "nothing of the time between is heard",
        links.removed_while_catching_up,
    ),
    Fault(
        "backup restored",
        "`manage.py restore --replace` under all nodes",
        "everybody begins again with what it holds",
        stores.restore_a_backup,
        long_only=True,
    ),
    Fault(
        "clock jumps", "one node an hour ahead, an hour back", "nobody notices", nodes.jump_the_clock, long_only=True
    ),
    Fault("two clocks", "one node 90 s ahead", "a token of the one opens the other", nodes.two_clocks),
]
CLOCKS = (nodes.jump_the_clock, nodes.two_clocks, links.partition_of_a_day)
"""Those that need libfaketime."""
