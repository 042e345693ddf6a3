"""What a process counts, in the terms of Prometheus; `/metrics` tells it. Times are in seconds.

The names and labels are read by what is in deploy/monitoring.
"""

from collections import Counter as Tally
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec
from prometheus_client import Counter, Gauge, Histogram

from chat.protocol.closing import ABNORMAL, CloseCode

State = Literal["open", "resuming", "live"]

_LATENCY: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def _gauge(name: str, text: str, *labels: str) -> Gauge:
    """With several workers: the sum over those that live."""
    return Gauge(name, text, labels, multiprocess_mode="livesum")


# Sockets.
sockets = _gauge("parley_sockets", "Sockets by state: open (has not resumed), resuming (catches up), live.", "state")
connects = Counter("parley_connects_total", "Handshakes by status; 101 was let in, 200 by a stream.", ["status"])
closes = Counter("parley_closes_total", "Sockets that ended, by close code.", ["code"])
acknowledgement_seconds = Histogram(
    "parley_acknowledgement_seconds",
    "From the arrival of a post on a socket until its `ok` was written.",
    buckets=_LATENCY,
)

# The writer.
batch_drafts = Histogram("parley_writer_batch_drafts", "Drafts stored by one transaction.", buckets=_SIZES)
commit_seconds = Histogram("parley_writer_commit_seconds", "How long one transaction took.", buckets=_LATENCY)
waiting_drafts = _gauge("parley_writer_waiting", "Drafts that wait for the writer.")
posts = Counter("parley_posts_total", "Drafts of messages by outcome: stored, repeated, or an error code.", ["outcome"])

# The hub.
deliveries = Counter("parley_deliveries_total", "Events written to sockets, one for each socket.")
delivery_seconds = Histogram(
    "parley_delivery_seconds",
    "From an event's time until it was written to every socket of this process. By the clocks of both nodes.",
    buckets=_LATENCY,
)
replayed = Counter("parley_replayed_events_total", "Missed events written to one socket, by source.", ["source"])
replay_events = Histogram(
    "parley_replay_events", "Missed events of one stream written at an attach.", buckets=(0, *_SIZES, 4096, 16384)
)
resets = Counter("parley_resets_total", "Cursors that could not be served.")
repairs = Counter(
    "parley_repairs_total", "Times that events were read from the log, because of a gap or a head.", ["why"]
)
hints_waiting = _gauge("parley_hub_waiting", "Hints and signals that wait for the channel layer.")
hints_lost = Counter("parley_hub_lost_total", "Hints and signals that the channel layer did not take.")

# Outgoing webhooks.
hook_deliveries = Counter(
    "parley_hook_deliveries_total", "Events sent to outgoing webhooks: heard or failed.", ["outcome"]
)

# What is beneath.
database_errors = Counter("parley_database_errors_total", "Queries and transactions that failed with the database.")
channel_layer_errors = Counter("parley_channel_layer_errors_total", "Calls of the channel layer that failed.")
uncaught = Counter("parley_uncaught_exceptions_total", "Exceptions that nobody expected, by place.", ["where"])
loop_lag = Histogram(
    "parley_event_loop_lag_seconds",
    "How late a timer of the event loop was.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0),
)

moved: Final[Tally[str]] = Tally()
"""Events by stream that were delivered here since somebody last looked (`chat.streams.nodes`)."""


class _Dated(msgspec.Struct):
    at: datetime


_dated: Final = msgspec.json.Decoder(_Dated)


_CLOSE_CODES: Final = {*map(int, CloseCode), 1000, 1002, 1005, ABNORMAL, 1007, 1013}


def closed(code: int) -> None:
    """A socket has ended. A client may close with any number: those that mean nothing to us count as one."""
    closes.labels(str(code) if code in _CLOSE_CODES else "other").inc()


def delivered(stream: str, count: int, listeners: int, last: str) -> None:
    """`count` events of a stream, of which `last` is the text of the last one, were written to `listeners` sockets."""
    moved[stream] += count
    if listeners:
        deliveries.inc(count * listeners)
        with suppress(msgspec.DecodeError):  # whatever it is, it has been delivered
            age = datetime.now(UTC) - _dated.decode(last).at
            delivery_seconds.observe(max(0.0, age.total_seconds()))
