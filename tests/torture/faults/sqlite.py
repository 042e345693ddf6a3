"""What befalls one node on SQLite: killed in the middle of a write, somebody else who writes, a disk without room."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.torture.faults.fault import Fault
from tests.torture.run import Failed, Run

DISK_MB = 64


async def kill_mid_write(run: Run) -> None:
    """While posts are stored without a pause; with `synchronous=FULL` what was acknowledged is there."""
    (node,) = run.installation.nodes
    for _ in range(3):
        await asyncio.sleep(random.uniform(0.2, 0.6))
        node.kill()
        await asyncio.to_thread(node.start)
        await run.until(run.all_live, "everybody is live")
        for member in run.everybody:
            member.attempt = 0  # each time as if alone


async def second_writer(run: Run) -> None:
    """Another process holds SQLite's one lock: posts wait for it."""
    with contextlib.closing(sqlite3.connect(run.installation.sqlite_file, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")  # waits for the node's transaction, which is short
        await asyncio.sleep(3)
        other.rollback()


async def fill_the_disk(run: Run) -> None:
    """There is room for nothing, and then there is again. Nobody starts anything anew."""
    filler = run.installation.sqlite_file.with_name("filler")
    refused = {member: member.refusals for member in run.members}
    try:
        await asyncio.to_thread(_fill, filler)
        await run.until(
            lambda: any(member.refusals > refused[member] for member in run.members), "posts are refused", 30
        )
        if not any(member.live.is_set() for member in run.members):
            raise Failed("nobody is live on a full disk")
        await asyncio.sleep(2)
    finally:
        filler.unlink(missing_ok=True)


def _fill(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    with contextlib.suppress(OSError), path.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0")


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A folder on a file system of DISK_MB; None where nothing may be mounted."""
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir()
    try:
        subprocess.run(["truncate", "-s", f"{DISK_MB}M", image], check=True, capture_output=True)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", image, mounted], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    try:
        yield mounted
    finally:
        subprocess.run(["umount", "-l", mounted], check=False, capture_output=True)


KILLED = Fault(
    "SQLite: killed mid-write",
    "SIGKILL to the only node three times, started again at once",
    "everything acknowledged is there",
    kill_mid_write,
)
SECOND_WRITER = Fault(
    "SQLite: a second writer", "BEGIN IMMEDIATE held for 3 s by another process", "posts wait", second_writer
)
DISK_FULL = Fault(
    "SQLite: disk full",
    f"a file system of {DISK_MB} MB filled to the last byte, and emptied",
    "posts are refused for the time being, sockets stay, it goes on by itself",
    fill_the_disk,
)
