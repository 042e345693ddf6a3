"""Reactions of an export: emoji by their names, told as events, and what becomes of those that nobody knows."""

from string import ascii_lowercase
from typing import Any

import pytest

from chat.models import Message, User
from chat.operations.reactions import react
from chat.protocol.emoji import named
from chat.protocol.limits import REACTIONS
from tests.support.slack import general, said, ts
from tests.support.snapshot import agreeing

CODES = [f"{first}{second}" for first in ascii_lowercase for second in "aemnrstu"]
FLAGS = [name for name in (f"flag-{code}" for code in CODES) if named(name)][: REACTIONS + 1]

pytestmark = pytest.mark.django_db


def reaction(name: Any, *users: Any) -> dict[str, Any]:
    return {"name": name, "users": list(users), "count": len(users)}


def pks(*usernames: str) -> list[int]:
    return [User.objects.get(username=username).pk for username in usernames]


def test_reactions_come_in_their_order(bring: Any) -> None:
    reactions = [reaction("tada", "U2", "U1"), reaction("+1::skin-tone-2", "U3"), reaction("heart", "U1")]
    bring(general(said(1, "U1", "nice", reactions=reactions)))
    message = Message.objects.get()
    assert message.reactions == [["🎉", pks("bob", "ada")], ["👍🏻", pks("chen")], ["❤️", pks("ada")]]
    assert message.extra is None


def test_state_and_events_agree(bring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    entries = [
        said(1, "U1", "root", thread_ts=ts(1), reactions=[reaction("tada", "U2", "U1", "U2"), reaction("wave", "B1")]),
        said(2, "U2", "reply", thread_ts=ts(1), reactions=[reaction("thumbsup", "U1"), reaction("+1", "U1", "U2")]),
        said(3, "U2", "", subtype="tombstone", reactions=[reaction("tada", "U1")]),
    ]
    with agreeing() as told:
        bring(general(*entries))
    added = [event for event in told if event["type"] == "reaction.added"]
    assert [event["data"]["emoji"] for event in added] == ["🎉", "🎉", "👋", "👍", "👍"]
    posted = {event["data"]["id"]: event for event in told if event["type"] == "message.posted"}
    assert all(event["at"] == posted[event["data"]["message"]]["at"] for event in added)
    assert added[0]["seq"] == added[0]["data"]["seq"] + 1, "after the message's own event"
    assert "5 reactions\n" in capsys.readouterr().out
    message = Message.objects.get(body="reply")
    react(actor=User.objects.get(username="ada"), message_id=message.pk, emoji="👍", on=False)
    with agreeing() as again:
        bring(general(*entries))
    assert again == []


def test_emoji_that_nobody_knows_are_kept_and_counted(bring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    strange = [reaction("partyparrot", "U1", "U2"), reaction("tada::skin-tone-3", "U2"), reaction("tada", "U1")]
    bring(general(said(1, "U1", "nice", reactions=strange)))
    message = Message.objects.get()
    assert message.reactions == [["🎉", pks("ada")]]
    assert message.extra == {"reactions": {"partyparrot": pks("ada", "bob"), "tada::skin-tone-3": pks("bob")}}
    out = capsys.readouterr().out
    assert "3 reactions with emoji unknown here: partyparrot (2), tada::skin-tone-3 (1)" in out


def test_no_message_has_more_emoji_than_it_may(bring: Any, capsys: pytest.CaptureFixture[str]) -> None:
    flags = [reaction(flag, "U1") for flag in FLAGS]
    assert len(flags) == REACTIONS + 1
    with agreeing():
        bring(general(said(1, "U1", "nice", reactions=[*flags, reaction(FLAGS[0], "U2")])))
    message = Message.objects.get()
    assert message.reactions is not None
    assert message.reactions[0][1] == pks("ada", "bob")
    assert (len(message.reactions), message.extra) == (REACTIONS, {"reactions": {FLAGS[-1]: pks("ada")}})
    assert "1 reactions were over the 40 different ones" in capsys.readouterr().out


@pytest.mark.parametrize(
    "reactions",
    [
        7, {}, [None], [{}], [reaction(None, "U1")], [reaction("tada")], [reaction("tada", "U9", 7, None)],
        [{"name": "tada", "users": "U1"}], [reaction("::skin-tone-2", "U9")], [reaction("", "U9")],
    ],
)  # fmt: skip
def test_what_is_no_reaction_is_left_out(bring: Any, reactions: Any) -> None:
    bring(general(said(1, "U1", "nice", reactions=reactions)))
    message = Message.objects.get()
    assert (message.reactions, message.extra) == (None, None)


def test_a_name_that_cannot_be_stored_harms_nothing(bring: Any) -> None:
    bring(general(said(1, "U1", "nice", reactions=[reaction("a\x00\ud800" + "b" * 10_000, "U1")])))
    extra = Message.objects.get().extra
    assert extra is not None
    assert list(extra["reactions"]) == ["a\ufffd\ufffd" + "b" * 77]
