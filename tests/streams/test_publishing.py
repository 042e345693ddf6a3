"""Hints: one a stream, to its group."""

from __future__ import annotations

from chat.streams import publishing
from tests.streams.conftest import Ear


def test_a_batch_becomes_one_hint_a_stream() -> None:
    added = [("room:1", 7, "a", "A"), ("user:2", 1, "b", "B"), ("room:1", 8, "c", "C")]
    assert publishing.hints(added) == [
        {"type": "stream.events", "stream": "room:1", "first": 7, "types": ["a", "c"], "texts": ["A", "C"]},
        {"type": "stream.events", "stream": "user:2", "first": 1, "types": ["b"], "texts": ["B"]},
    ]


def test_a_group_is_named_after_its_stream() -> None:
    assert publishing.group_of("room:12") == "room.12"


def test_the_hub_of_this_process_hears(ear: Ear) -> None:
    publishing.publish(publishing.hints([("room:1", 7, "a", "A")]))
    assert [hint["first"] for hint in ear.heard] == [7]


def test_without_a_hub_nothing_is_raised() -> None:
    publishing.publish(publishing.hints([("room:1", 7, "a", "A")]))
