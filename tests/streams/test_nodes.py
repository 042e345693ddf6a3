"""What nodes tell of each other."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from chat.streams import metrics, nodes
from chat.streams.nodes import BEAT_SECONDS, Nodes, together


@pytest.fixture(autouse=True)
def nothing_moved() -> None:
    metrics.moved.clear()


def node(sent: list[dict[str, Any]]) -> Nodes:
    return Nodes(sent.append, lambda stream: 3)


def test_each_knows_itself_and_what_it_hears_of_others() -> None:
    sent: list[dict[str, Any]] = []
    one, other = node(sent), node(sent)
    one.beat()
    other.beat()
    for message in list(sent):
        one.heard(message)
        other.heard(message)
    assert len(one.known()) == len(other.known()) == 2
    assert {known.status.node for known in one.known()} == {message["status"]["node"] for message in sent}


def test_rates_are_by_the_clock_of_the_node_that_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    node(sent).beat()
    listener = node([])
    first = sent[0]
    later = copy.deepcopy(first)
    later["status"] |= {"seconds": first["status"]["seconds"] + 4, "posts": first["status"]["posts"] + 8}
    later["status"] |= {"probes": first["status"]["probes"] + 100, "late_probes": first["status"]["late_probes"] + 25}
    for message in (first, later, later):
        listener.heard(message)
    (known,) = listener.known()
    (sample,) = known.samples
    assert (sample.posts_per_s, sample.deliveries_per_s, sample.late) == (2, 0, 0.25)


def test_who_is_silent_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    node(sent).beat()
    listener = node(sent)
    listener.heard(sent[0])
    assert len(listener.known()) == 1
    monkeypatch.setattr(nodes, "SILENT_SECONDS", -1.0)
    assert listener.known() == []
    listener.beat()
    monkeypatch.undo()
    assert len(listener.known()) <= 1


def test_the_busiest_rooms_come_first_and_fade() -> None:
    sent: list[dict[str, Any]] = []
    teller = node(sent)
    metrics.moved.update({"room:1": 4, "room:2": 40, "user:9": 400})
    teller.beat()
    rooms = together(teller.known())
    assert [(room.stream, room.listeners) for room in rooms] == [("room:2", 3), ("room:1", 3)]
    assert rooms[0].per_minute == pytest.approx(40 * 60 / BEAT_SECONDS * 0.1)
    for _ in range(60):
        teller.beat()
    assert together(teller.known()) == []


def test_a_room_on_two_nodes_has_the_listeners_of_both() -> None:
    sent: list[dict[str, Any]] = []
    one, other = node(sent), node(sent)
    metrics.moved.update({"room:1": 6})
    one.beat()
    metrics.moved.update({"room:1": 6})
    other.beat()
    for message in sent:
        one.heard(message)
    (room,) = together(one.known())
    assert (room.stream, room.listeners) == ("room:1", 6)
