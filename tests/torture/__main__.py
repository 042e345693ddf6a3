"""`python -m tests.torture`: breaks things until enough was said, and writes docs/reliability.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.report.machine import ROOT
from tests.support.services import DISK, Missing
from tests.torture import report
from tests.torture.checker import Findings
from tests.torture.faults import CLOCKS, FAULTS, Fault
from tests.torture.faults.sqlite import DISK_FULL, KILLED, SECOND_WRITER, small_disk
from tests.torture.installation import FAKETIME, Installation
from tests.torture.run import Exceeded, Failed, Run, Seen, quantile

SQLITE_PER_SECOND = 8.0
INEXCUSABLE = ('"level":"critical"', '"parley.uncaught"', '"a command failed"', '"a socket failed"', '"a batch failed"')


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("faults", nargs="*", help="names; all of them otherwise")
    parser.add_argument("--short", action="store_true", help="each fault once")
    parser.add_argument("--messages", type=int, default=1_000_000, help="to be acknowledged in a long run")
    parser.add_argument("--members", type=int, default=12)
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--per-second", type=float, default=8.0, help="messages of each member")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--output", type=Path, help="a folder; docs, or var/reliability when faults are named")
    options = parser.parse_args()
    options.output = options.output or ROOT / ("var/reliability" if options.faults else "docs")
    seed = options.seed if options.seed is not None else random.randrange(1 << 30)
    random.seed(seed)
    print(f"seed {seed}", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="parley-torture-", dir=DISK) as folder:
            Path(folder).chmod(0o711)  # PostgreSQL's user has its own below
            return asyncio.run(torture(Path(folder), options))
    except Missing as reason:
        print(f"SKIPPED the torture: {reason}")
        return 1 if os.environ.get("CI") == "true" else 0


async def torture(folder: Path, options: argparse.Namespace) -> int:
    begun = time.monotonic()
    found = Findings()
    broken: list[str] = []
    seen: dict[str, tuple[Fault, Seen]] = {}
    acknowledged = 0
    with small_disk(folder) as disk:
        alone = [KILLED, SECOND_WRITER, *([DISK_FULL] if disk is not None else [])]
        if disk is None:
            print(f"SKIPPED {DISK_FULL.name}: this machine mounts nothing for us", flush=True)
        clocked = FAULTS if FAKETIME.exists() else [fault for fault in FAULTS if fault.make not in CLOCKS]
        if clocked is not FAULTS:
            print("SKIPPED the clocks: libfaketime is not installed", flush=True)
        for faults, home, sqlite in ((clocked, folder, False), (alone, disk or folder / "sqlite", True)):
            chosen = [fault for fault in faults if wanted(fault, options)]
            if chosen:
                phase = Phase(options, chosen, seen, broken)
                findings, number = await phase.run(home, sqlite)
                if findings is None:
                    return told(broken)
                acknowledged += number
                for kind, what in findings.items():
                    found[kind] += what
    broken += bounds(seen)
    kind = "short" if options.short else "long"
    page = report.record(kind, seen, found, options.output, seconds=time.monotonic() - begun, acknowledged=acknowledged)
    print(f"{acknowledged:,} acknowledged in all\n{page}", flush=True)
    return told([*([str(found)] if found.any else []), *broken])


def told(complaints: list[str]) -> int:
    """The exit code."""
    for complaint in complaints:
        print(f"FAILED: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def wanted(fault: Fault, options: argparse.Namespace) -> bool:
    if options.faults:
        return fault.name in options.faults
    return not (options.short and fault.long_only)


class Phase:
    """One installation and its faults. What is seen goes into `seen`, what did not hold into `broken`."""

    def __init__(
        self,
        options: argparse.Namespace,
        faults: list[Fault],
        seen: dict[str, tuple[Fault, Seen]],
        broken: list[str],
    ) -> None:
        self._options = options
        self._faults = faults
        self._seen = seen
        self._broken = broken
        for fault in faults:
            seen[fault.name] = (fault, Seen())

    async def run(self, folder: Path, sqlite: bool) -> tuple[Findings | None, int]:
        """What the checker found, and how many messages were acknowledged. None: it did not come to be checked."""
        installation = await asyncio.to_thread(Installation, folder, nodes=1 if sqlite else 3, sqlite=sqlite)
        findings, acknowledged = None, 0
        try:
            members = self._options.members
            cast = await asyncio.to_thread(installation.people, members - 2, self._options.rooms)
            # The disk that is to be full for a while must not be so for ever.
            per_second = min(self._options.per_second, SQLITE_PER_SECOND) if sqlite else self._options.per_second
            run = Run(installation, cast, members=members, per_second=per_second)
            try:
                await self._break(run, once=self._options.short or sqlite)
                findings = run.check()
                acknowledged = run.acknowledged
                print(f"{acknowledged:,} acknowledged; {findings.counts()}", flush=True)
            finally:
                await run.stop()
            self._broken += complaints(installation.logs())
        except Failed as failure:
            self._broken.append(str(failure))
        except Exception:
            traceback.print_exc()
            self._broken.append("the run itself failed")
        finally:
            await asyncio.to_thread(installation.stop)
        return findings, acknowledged

    async def _break(self, run: Run, once: bool) -> None:
        await run.start()
        while True:
            for fault in random.sample(self._faults, len(self._faults)):
                try:
                    await one(run, fault, self._seen[fault.name][1])
                except Exceeded as exceeded:
                    print(f"EXCEEDED {exceeded}", flush=True)
                    self._broken.append(str(exceeded))
                    await run.recovered()
            if once or run.acknowledged >= self._options.messages:
                break
        await run.rest()


async def one(run: Run, fault: Fault, seen: Seen) -> None:
    begun = time.monotonic()
    try:
        await run.meet(fault.make, seen)
    except Failed as failure:
        raise type(failure)(f"{fault.name}: {failure}") from None
    live, delay = quantile(seen.lives, 0.99), quantile(seen.delays, 0.99)
    print(
        f"{fault.name:28} {time.monotonic() - begun:5.1f} s   live again p99 {shown(live)}   heard after p99 "
        f"{shown(delay)}   {seen.resends:,} resends of {seen.sent:,}",
        flush=True,
    )


def shown(seconds: float | None) -> str:
    return "   –   " if seconds is None else f"{seconds:6.2f} s"


def bounds(seen: dict[str, tuple[Fault, Seen]]) -> list[str]:
    """What did not hold."""
    broken = []
    for fault, what in seen.values():
        for found, bound, meaning in (
            (quantile(what.lives, 0.99), fault.live_seconds, "live again"),
            (quantile(what.delays, 0.99), fault.delivery_seconds, "heard"),
        ):
            if bound is not None and found is not None and found > bound:
                broken.append(f"{fault.name}: {meaning} after {found:.1f} s (p99), the bound is {bound:.0f} s")
    return broken


def complaints(log: str) -> list[str]:
    """Lines of nodes that no fault excuses."""
    return [line for line in log.splitlines() if any(word in line for word in INEXCUSABLE)][:5]


if __name__ == "__main__":
    sys.exit(main())
