"""The checker itself: it passes what is right, and finds each thing that is not."""

from __future__ import annotations

import pytest

from tests.torture.checker import Fact, Journal, Kind, Send, check

ADA, BOB, EVE = "1", "2", "3"
ROOM = "room:7"


def said(seq: int, sender: str, word: str) -> Fact:
    return Fact(seq, "message.posted", ((sender, word), word))


class Story:
    """Ada and Bob talk; Eve is not there. Everything goes well, until a test changes something."""

    def __init__(self) -> None:
        self.members = {ROOM: {ADA, BOB}}
        self.log = [said(1, ADA, "a"), said(2, BOB, "b"), said(3, ADA, "c")]
        self.sends = [Send(ADA, "7", "a", "a"), Send(BOB, "7", "b", "b"), Send(ADA, "7", "c", "c")]
        for seq, send in enumerate(self.sends, 1):
            send.acknowledged(f"m{seq}", seq)
        self.journals = {user: Journal(user) for user in (ADA, BOB, EVE)}
        for user in (ADA, BOB):
            self.journals[user].begin(ROOM, 0)
            for fact in self.log:
                self.journals[user].hear(ROOM, fact)

    def heard(self, user: str) -> list[Fact]:
        return self.journals[user].runs[ROOM][-1][1]

    def findings(self) -> dict[str, int]:
        found = check(self.sends, self.journals.values(), {ROOM: self.log}, self.members)
        return {kind: number for kind, number in found.counts().items() if number}


@pytest.fixture
def story() -> Story:
    return Story()


def test_nothing_is_wrong_with_what_is_right(story: Story) -> None:
    assert story.findings() == {}


def test_what_is_unknown_may_be_stored_or_not(story: Story) -> None:
    story.sends.append(Send(BOB, "7", "never came", "never came"))
    story.sends[2].outcome = "unknown"
    assert story.findings() == {}


def test_acknowledged_and_not_stored_is_lost(story: Story) -> None:
    story.log.pop()
    for user in (ADA, BOB):
        story.heard(user).pop()
    assert story.findings() == {"lost": 1}


def test_acknowledged_under_another_number_is_lost(story: Story) -> None:
    story.sends[0].seq = 2
    assert story.findings() == {"lost": 1}


@pytest.mark.parametrize(("gone", "kind"), [(0, "lost"), (1, "lost"), (2, "lost")])
def test_what_one_member_has_not_heard_is_lost(story: Story, gone: int, kind: Kind) -> None:
    story.heard(BOB).pop(gone)
    assert story.findings() == {kind: 1}


def test_heard_twice_is_duplicated(story: Story) -> None:
    story.heard(BOB).append(story.log[2])
    assert story.findings() == {"duplicated": 1}


def test_stored_twice_is_duplicated(story: Story) -> None:
    again = Fact(4, "message.posted", story.log[0].said)
    story.log.append(again)
    for user in (ADA, BOB):
        story.heard(user).append(again)
    assert story.findings() == {"duplicated": 1}


def test_acknowledged_twice_under_two_numbers_is_duplicated(story: Story) -> None:
    story.sends[0].answers.append(("m9", 9))
    assert story.findings() == {"duplicated": 1}


def test_swapped_is_out_of_order(story: Story) -> None:
    heard = story.heard(BOB)
    heard[0], heard[1] = heard[1], heard[0]
    assert story.findings() == {"lost": 1, "out of order": 1}


def test_a_hole_in_the_log_is_out_of_order(story: Story) -> None:
    story.log[2] = said(4, ADA, "c")
    assert "out of order" in story.findings()


@pytest.mark.parametrize("other", ["b!", "other"])
def test_other_words_are_a_phantom(story: Story, other: str) -> None:
    story.heard(ADA)[1] = Fact(2, "message.posted", ((BOB, "b"), other))
    assert story.findings() == {"phantom": 1}


def test_heard_and_not_stored_is_a_phantom(story: Story) -> None:
    story.heard(ADA).append(said(4, BOB, "rolled back"))
    assert story.findings() == {"phantom": 1}


def test_stored_and_never_sent_is_a_phantom(story: Story) -> None:
    story.sends.pop(0)
    assert story.findings() == {"phantom": 1}


def test_refused_and_stored_is_a_phantom(story: Story) -> None:
    story.sends[0].outcome = "failed"
    assert story.findings() == {"phantom": 1}


def test_who_is_not_there_hears_nothing(story: Story) -> None:
    story.journals[EVE].begin(ROOM, 1)
    story.journals[EVE].hear(ROOM, story.log[1])
    assert story.findings() == {"leaked": 1}


def test_who_was_put_out_hears_nothing_until_they_are_back(story: Story) -> None:
    left, joined = Fact(4, "member.left", user=BOB), Fact(6, "member.joined", user=BOB)
    story.log += [left, said(5, ADA, "d"), joined, said(7, ADA, "e")]
    for seq, word in ((5, "d"), (7, "e")):
        story.sends.append(Send(ADA, "7", word, word))
        story.sends[-1].acknowledged(f"m{seq}", seq)
    story.heard(ADA).extend(story.log[3:])
    story.heard(BOB).append(left)
    story.journals[BOB].begin(ROOM, 6)
    story.journals[BOB].hear(ROOM, story.log[6])
    assert story.findings() == {}
    story.journals[BOB].runs[ROOM][0][1].append(story.log[4])
    assert story.findings() == {"leaked": 1}


def test_a_deleted_message_keeps_its_number(story: Story) -> None:
    story.log[1] = Fact(2, "message.posted", ((BOB, "b"), ""))
    assert story.findings() == {}
