"""The log gives numbers: gap-free, in the order of commits, and tells of them only after commit."""

from __future__ import annotations

import json
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from chat.models import Event, Stream
from chat.streams import log
from tests.streams.conftest import Ear
from tests.support.at_once import at_once
from tests.support.snapshot import check_log


def add(*streams: Stream, times: int = 1, fail: bool = False) -> list[int]:
    with transaction.atomic(), log.adding(stream.pk for stream in streams) as additions:
        now = timezone.now()
        seqs = [
            additions.add(stream.pk, "x.happened", now, {"n": number}) for number in range(times) for stream in streams
        ]
        if fail:
            raise RuntimeError("the operation failed")
    return seqs


def test_numbers_begin_at_one_and_follow_one_another(stream: Stream, another: Stream) -> None:
    assert add(stream, times=3) == [1, 2, 3]
    assert add(stream, another, times=2) == [4, 1, 5, 2]
    assert log.heads([stream.pk, another.pk, 999_999]) == {stream.pk: 5, another.pk: 2}
    check_log()


def test_an_event_is_stored_as_it_goes_on_the_wire(stream: Stream) -> None:
    with transaction.atomic(), log.adding([stream.pk]) as additions:
        assert additions.head(stream.pk) == 0
        additions.add(stream.pk, "message.posted", timezone.now(), {"body": "é"}, subject=7)
        assert additions.head(stream.pk) == 1
    event = Event.objects.get()
    frame = json.loads(event.payload)
    assert (event.subject, event.type) == (7, "message.posted")
    assert frame == {
        "op": "event",
        "stream": f"room:{stream.pk}",
        "seq": 1,
        "type": "message.posted",
        "at": frame["at"],
        "data": {"body": "é"},
    }
    assert frame["at"].endswith("Z")


def test_what_fails_takes_no_number(stream: Stream) -> None:
    add(stream)
    with pytest.raises(RuntimeError):
        add(stream, times=3, fail=True)
    assert add(stream) == [2]
    check_log()


def test_a_range_is_read_in_order(stream: Stream, another: Stream) -> None:
    add(stream, another, times=9)
    assert [row[0] for row in log.events_after(stream.pk, 3, None, 4)] == [4, 5, 6, 7]
    assert [row[0] for row in log.events_after(stream.pk, 3, 5, 4)] == [4, 5]
    assert [row[0] for row in log.events_after(stream.pk, 7, None, 4)] == [8, 9]
    assert log.events_after(stream.pk, 9, None, 4) == []
    seq, type_, text = log.events_after(stream.pk, 0, None, 1)[0]
    assert (seq, type_, json.loads(text)["data"]) == (1, "x.happened", {"n": 0})


def test_nothing_added_is_nothing_written(stream: Stream, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1), log.adding([stream.pk]):  # type: ignore[operator]
        pass
    assert log.heads([stream.pk]) == {stream.pk: 0}


@pytest.mark.django_db(transaction=True)
def test_the_nodes_hear_after_commit_once_a_stream(stream: Stream, another: Stream, ear: Ear) -> None:
    with transaction.atomic():
        add(stream, another, times=2)
        assert ear.heard == []
    assert [(hint["stream"], hint["first"], len(hint["texts"])) for hint in ear.heard] == [
        (f"room:{stream.pk}", 1, 2),
        (f"user:{another.pk}", 1, 2),
    ]
    assert ear.heard[0]["types"] == ["x.happened"] * 2
    assert [json.loads(text)["seq"] for text in ear.heard[0]["texts"]] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_what_fails_is_not_heard(stream: Stream, ear: Ear) -> None:
    with pytest.raises(RuntimeError):
        add(stream, fail=True)
    assert ear.heard == []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_no_gap_and_meet_no_deadlock(stream: Stream, another: Stream) -> None:
    ways = [partial(add, stream, another), partial(add, another, stream), partial(add, stream), partial(add, another)]
    outcomes = at_once(*(way for way in ways for _ in range(3)))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert log.heads([stream.pk, another.pk]) == {stream.pk: 9, another.pk: 9}
    check_log()
