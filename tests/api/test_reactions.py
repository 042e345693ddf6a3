"""GET messages/{id}/reactions/, PUT and DELETE …/reactions/{emoji}/."""

from urllib.parse import quote

import pytest

from chat.operations import reactions
from tests.support.rest import problem


@pytest.fixture(autouse=True)
def nothing_counted():
    reactions.reactions_limit._acts.clear()


@pytest.fixture
def path(alice, room, say):
    return f"messages/{say(alice, room, 'We did it').message_id}/reactions/"


def test_one_reacts_and_takes_it_back(as_alice, as_bob, alice, bob, path):
    party = f"{path}{quote('🎉')}/"
    assert as_alice.put(party, {}).json()["reactions"] == [{"emoji": "🎉", "users": [str(alice.pk)]}]
    message = as_bob.put(party, {}).json()
    assert message["reactions"] == [{"emoji": "🎉", "users": [str(alice.pk), str(bob.pk)]}]
    assert as_bob.put(party, {}).json() == message
    (found,) = as_bob.get(path).json()["results"]
    assert [user["username"] for user in found["users"]] == ["alice", "bob"]
    assert as_alice.delete(party).status_code == as_alice.delete(party).status_code == 204
    assert as_alice.get(path.replace("reactions/", "")).json()["reactions"] == [{"emoji": "🎉", "users": [str(bob.pk)]}]


def test_history_tells_of_reactions(as_alice, room, path):
    as_alice.put(f"{path}{quote('1️⃣')}/", {})
    (message,) = as_alice.get(f"rooms/{room.pk}/messages/").json()["results"]
    assert [each["emoji"] for each in message["reactions"]] == ["1️⃣"]


def test_only_an_emoji_will_do(as_alice, path):
    problem(as_alice.put(f"{path}tada/", {}), 400, "bad_request", "emoji")


def test_an_outsider_finds_nothing(as_bob, as_mallory, path):
    party = f"{path}{quote('🎉')}/"
    assert as_bob.put(party, {}).status_code == as_bob.get(path).status_code == 200
    problem(as_mallory.put(party, {}), 404, "not_found")
    problem(as_mallory.delete(party), 404, "not_found")
    problem(as_mallory.get(path), 404, "not_found")
