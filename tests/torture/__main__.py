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
from tests.torture.faults import FAULTS, Fault
from tests.torture.installation import Installation
from tests.torture.run import Failed, Run, Seen, quantile


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("faults", nargs="*", help="names; all of them otherwise")
    parser.add_argument("--short", action="store_true", help="each fault once")
    parser.add_argument("--messages", type=int, default=1_000_000, help="to be acknowledged in a long run")
    parser.add_argument("--members", type=int, default=12)
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--per-second", type=float, default=8.0, help="messages of each member")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--output", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
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
    chosen = [fault for fault in FAULTS if (fault.name in options.faults if options.faults else True)]
    if options.short:
        chosen = [fault for fault in chosen if not fault.long_only]
    installation = await asyncio.to_thread(Installation, folder, nodes=3)
    seen: dict[str, tuple[Fault, Seen]] = {fault.name: (fault, Seen()) for fault in chosen}
    broken: list[str] = []
    findings = Findings()
    begun = time.monotonic()
    acknowledged = 0
    try:
        cast = await asyncio.to_thread(installation.people, options.members - 2, options.rooms)
        run = Run(installation, cast, members=options.members, per_second=options.per_second)
        try:
            await run.start()
            while True:
                for fault in random.sample(chosen, len(chosen)):
                    await one(run, fault, seen[fault.name][1])
                acknowledged = sum(send.outcome == "ok" for member in run.members for send in member.sends)
                if options.short or acknowledged >= options.messages:
                    break
            await run.rest()
            acknowledged = sum(send.outcome == "ok" for member in run.members for send in member.sends)
            findings = run.check()
        except Failed as failure:
            broken.append(str(failure))
        finally:
            await run.stop()
        broken += [complaint for node in installation.nodes for complaint in complaints(node.log())]
    except Exception:
        traceback.print_exc()
        broken.append("the run itself failed")
    finally:
        await asyncio.to_thread(installation.stop)
    broken += bounds(seen)
    kind = "short" if options.short else "long"
    page = report.record(
        kind, seen, findings, options.output, seconds=time.monotonic() - begun, acknowledged=acknowledged
    )
    print(f"{acknowledged:,} acknowledged; {findings.counts()}\n{page}", flush=True)
    for complaint in [*([str(findings)] if findings.any else []), *broken]:
        print(f"FAILED: {complaint}", file=sys.stderr)
    return 1 if findings.any or broken else 0


async def one(run: Run, fault: Fault, seen: Seen) -> None:
    begun = time.monotonic()
    try:
        await run.meet(fault.make, seen)
    except Failed as failure:
        raise Failed(f"{fault.name}: {failure}") from None
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
    """Lines of a node that no fault excuses."""
    return [line for line in log.splitlines() if '"level":"critical"' in line or '"parley.uncaught"' in line][:5]


if __name__ == "__main__":
    sys.exit(main())
