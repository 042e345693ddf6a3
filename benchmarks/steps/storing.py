"""The steps that need no event loop: decoding, rendering, encoding, and the transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.steps import messages
from benchmarks.steps.stopwatch import Figures, Stopwatch, repeated
from benchmarks.steps.way import BATCHES, Place
from chat.operations.drafts import Draft, quick_draft
from chat.operations.posting import Posted, commit_posts
from chat.protocol import commands, events


def measure(places: list[Place], calls: int, posts: int) -> dict[str, Figures]:
    """About `posts` go into transactions of each size."""
    text, at, place = messages.command(), datetime.now(UTC), places[0]
    fields, data, stream = messages.fields(place, messages.PLAIN), messages.data(place, 1), f"room:{place[0]}"
    return {
        "decode": repeated(lambda: commands.decode(text), calls),
        "plain": repeated(lambda: quick_draft(**fields), calls),
        "encode": repeated(lambda: events.event(stream, 1, "message.posted", at, data), calls),
        **{f"commit_{size}": committing(places, size, max(posts // size, 4)) for size in BATCHES},
    }


def committing(places: list[Place], size: int, transactions: int) -> Figures:
    """Each of the posts that `transactions` of `size` store."""
    commit(messages.drafts(places, size))
    watch = Stopwatch()
    for _ in range(transactions):
        drafts = messages.drafts(places, size)
        with watch:
            commit(drafts)
    return watch.each(transactions * size)


def commit(drafts: list[Draft]) -> None:
    outcomes = commit_posts(drafts)
    assert all(isinstance(outcome, Posted) for outcome in outcomes), outcomes
