"""The writer: group commit, each draft with its own outcome, an orderly end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from chat.models import Stream
from chat.protocol.errors import BadRequest, Forbidden, Refused, Unavailable
from chat.streams import writer
from chat.streams.writer import Writer

pytestmark = pytest.mark.django_db(transaction=True)

StartWriter = Callable[[], Writer]


class Commit:
    """Stores a stream a draft, `draft` being how much of it was pruned: more than 0 is refused by the database.

    Notes each batch; the first waits until it is let go.
    """

    def __init__(self, hold: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.entered = threading.Event()
        self.go = threading.Event()
        if not hold:
            self.go.set()

    def __call__(self, drafts: Sequence[int]) -> list[int]:
        self.batches.append(list(drafts))
        self.entered.set()
        assert self.go.wait(30)
        with transaction.atomic():
            return [Stream.objects.create(kind="room", pruned=draft).pk for draft in drafts]


def submit(thread: Writer, commit: Any, drafts: Sequence[Any]) -> list[Future[Any]]:
    """Hands drafts in, one after the other, without waiting for their outcomes."""
    futures: list[Future[Any]] = []
    for draft in drafts:
        futures.append(Future())
        thread._put(writer._Item(commit, draft, partial(writer._settle, futures[-1]), None))
    return futures


def stored() -> int:
    return Stream.objects.count()


def test_what_arrives_meanwhile_is_committed_together(start_writer: StartWriter) -> None:
    thread, commit = start_writer(), Commit(hold=True)
    first = submit(thread, commit, [0])
    assert commit.entered.wait(30)
    rest = submit(thread, commit, [0] * 20)
    commit.go.set()
    ids = [future.result(30) for future in first + rest]
    assert [len(batch) for batch in commit.batches] == [1, 20]
    assert ids == sorted(set(ids)), "in the order in which they came"
    assert stored() == 21


def test_a_transaction_has_a_bound(start_writer: StartWriter, settings: Settings) -> None:
    settings.WRITER_BATCH = 8
    thread, commit = start_writer(), Commit(hold=True)
    futures = submit(thread, commit, [0])
    assert commit.entered.wait(30)
    futures += submit(thread, commit, [0] * 16)
    commit.go.set()
    for future in futures:
        future.result(30)
    assert [len(batch) for batch in commit.batches] == [1, 8, 8]


def test_a_bound_of_one_gives_each_draft_its_own_transaction(start_writer: StartWriter, settings: Settings) -> None:
    settings.WRITER_BATCH = 1
    thread, commit = start_writer(), Commit(hold=True)
    futures = submit(thread, commit, [0])
    assert commit.entered.wait(30)
    futures += submit(thread, commit, [0] * 3)
    commit.go.set()
    assert thread.drain(30)
    assert len({future.result(0) for future in futures}) == 4
    assert [len(batch) for batch in commit.batches] == [1, 1, 1, 1]


def test_a_draft_that_the_database_refuses_fails_alone(start_writer: StartWriter) -> None:
    thread, commit = start_writer(), Commit(hold=True)
    submit(thread, commit, [0])
    assert commit.entered.wait(30)
    good, bad, last = submit(thread, commit, [0, 5, 0])
    commit.go.set()
    assert good.result(30) < last.result(30)
    with pytest.raises(BadRequest):
        bad.result(30)
    assert commit.batches[1:] == [[0, 5, 0], [0], [5], [0]], "together, and when that fails each by itself"
    assert stored() == 3


def test_an_outcome_may_be_a_refusal(start_writer: StartWriter) -> None:
    start_writer()
    with pytest.raises(Forbidden):
        writer.commit(lambda drafts: [Forbidden("no") for _ in drafts], "draft")


def test_a_database_that_is_away_is_unavailable_and_comes_back(start_writer: StartWriter) -> None:
    start_writer()

    def away(drafts: Sequence[Any]) -> list[int]:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT * FROM nowhere")
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the database should be away")

    for _ in range(2):
        with pytest.raises(Unavailable) as caught:
            writer.commit(away, 0)
        assert caught.value.retry_after == 1
    assert writer.commit(Commit(), 0)


def test_each_operation_has_its_own_transaction_and_outcome(start_writer: StartWriter) -> None:
    start_writer()

    def refuse() -> None:
        with transaction.atomic():
            Stream.objects.create(kind="room")
            raise Forbidden("no")

    def fail() -> None:
        raise LookupError("a bug")

    def count(by: int, *, more: int) -> int:
        assert threading.current_thread().name == "writer"
        return by + more

    def perform(operation: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return writer.perform(operation, *args, **kwargs)
        except Exception as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(perform, call) for call in (refuse, fail)]
        asked.append(threads.submit(perform, count, 2, more=3))
    assert [future.result() for future in asked] == [Forbidden, LookupError, 5]
    assert stored() == 0


def test_posts_come_before_what_else_waits(start_writer: StartWriter) -> None:
    """A client that posts and then leaves the room, without waiting, meant it in that order."""
    thread, commit, order = start_writer(), Commit(hold=True), []
    submit(thread, commit, [0])
    assert commit.entered.wait(30)

    def post(drafts: Sequence[str]) -> list[None]:
        order.extend(drafts)
        return [None] * len(drafts)

    futures = submit(thread, post, ["one"])
    futures += submit(thread, writer.each, [lambda: order.append("leave")])
    futures += submit(thread, post, ["two"])
    commit.go.set()
    for future in futures:
        future.result(30)
    assert order == ["one", "two", "leave"]


def test_within_a_transaction_it_is_done_here_and_now(start_writer: StartWriter) -> None:
    """On SQLite the writer would wait for this thread, and this thread for the writer."""
    start_writer()
    with transaction.atomic():
        Stream.objects.create(kind="room")
        assert writer.perform(threading.current_thread) is threading.current_thread()
        assert writer.commit(Commit(), 0)
        with pytest.raises(Forbidden):
            writer.commit(lambda drafts: [Forbidden("no")], 0)


def test_without_a_writer_too() -> None:
    assert writer.perform(threading.current_thread) is threading.current_thread()
    assert writer.commit(Commit(), 0)


def test_an_operation_may_perform_another(start_writer: StartWriter) -> None:
    start_writer()
    assert writer.perform(lambda: writer.perform(lambda: threading.current_thread().name)) == "writer"


def test_draining_finishes_what_waits_and_takes_no_more(start_writer: StartWriter) -> None:
    thread, commit = start_writer(), Commit(hold=True)
    futures = submit(thread, commit, [0])
    assert commit.entered.wait(30)
    futures += submit(thread, commit, [0] * 3)
    assert not thread.drain(0.01), "it still works"
    with pytest.raises(Unavailable) as caught:
        writer.commit(commit, 0)
    assert caught.value.retry_after
    commit.go.set()
    assert thread.drain(30)
    assert all(isinstance(future.result(0), int) for future in futures)
    assert stored() == 4


def test_too_much_waiting_is_refused(start_writer: StartWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 2)
    thread, commit = start_writer(), Commit(hold=True)
    submit(thread, commit, [0])
    assert commit.entered.wait(30)
    submit(thread, commit, [0, 0, 0])
    with pytest.raises(Unavailable):
        submit(thread, commit, [0])
    commit.go.set()


def test_who_does_not_wait_any_more_is_no_trouble(start_writer: StartWriter) -> None:
    thread, commit = start_writer(), Commit(hold=True)
    (gone,) = submit(thread, commit, [0])
    assert commit.entered.wait(30)
    gone.cancel()
    commit.go.set()
    assert isinstance(submit(thread, commit, [0])[0].result(30), int)
    assert not isinstance(gone, Refused)
