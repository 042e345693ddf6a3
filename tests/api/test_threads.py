"""GET threads/, GET and PATCH messages/{id}/thread/, and threads in history."""

import uuid

import pytest

from tests.support.rest import problem


@pytest.fixture
def root(alice, room, say):
    return say(alice, room, "Lunch?").message_id


@pytest.fixture
def replies(bob, room, say, root):
    return [say(bob, room, words, thread=root).message_id for words in ("Noon", "Or one?")]


def test_a_reply_is_posted(as_bob, as_alice, alice, bob, room, root):
    sent = {"id": str(uuid.uuid4()), "body": "Noon", "thread": str(root)}
    response = as_bob.post(f"rooms/{room.pk}/messages/", sent)
    assert (response.status_code, response.json()["thread"]) == (201, str(root))
    replies = as_alice.get(f"messages/{root}/").json()["replies"]
    assert (replies["count"], replies["users"], replies["last_at"]) == (
        1,
        [str(bob.pk)],
        response.json()["created_at"],
    )


def test_history_gives_all_or_the_room_or_one_thread(as_alice, room, root, replies):
    def ids(query):
        page = as_alice.get(f"rooms/{room.pk}/messages/?{query}").json()
        return [int(message["id"]) for message in page["results"]], page["has_before"], page["has_after"]

    assert ids("") == ([root, *replies], False, False)
    assert ids("thread=none") == ([root], False, False)
    assert ids(f"thread={root}") == (replies, False, False)
    assert ids(f"thread={root}&limit=1") == (replies[1:], True, False)
    assert ids(f"thread={root}&limit=1&after=0") == (replies[:1], False, True)
    assert ids(f"thread={replies[0]}") == ([], False, False)
    problem(as_alice.get(f"rooms/{room.pk}/messages/?thread=x"), 400, "bad_request", "thread")


def test_the_threads_that_one_follows(as_alice, as_bob, root, replies):
    (thread,) = as_alice.get("threads/").json()["results"]
    assert (thread["root"]["id"], thread["unread"], thread["following"]) == (str(root), 2, True)
    assert as_bob.get("threads/?unread=true").json()["results"] == []
    assert len(as_bob.get("threads/?unread=false").json()["results"]) == 1
    problem(as_bob.get("threads/?unread=some"), 400, "bad_request", "unread")


def test_one_reads_it(as_alice, room, root, replies):
    path = f"messages/{root}/thread/"
    assert as_alice.put(f"rooms/{room.pk}/read/", {"seq": 10**6, "thread": str(root)}).status_code == 204
    assert as_alice.get(path).json()["unread"] == 0
    problem(as_alice.put(f"rooms/{room.pk}/read/", {"seq": 1, "thread": "x"}), 400, "bad_request", "thread")


def test_one_follows_it_or_hears_no_more(as_alice, root, replies):
    path = f"messages/{root}/thread/"
    assert as_alice.patch(path, {"following": False}).json()["following"] is False
    assert as_alice.get("threads/").json()["results"] == []
    assert as_alice.patch(path, {"following": True}).json()["unread"] == 2


def test_a_message_without_replies_can_be_followed(as_bob, root):
    path = f"messages/{root}/thread/"
    assert as_bob.get(path).json()["following"] is False
    assert as_bob.patch(path, {"following": True}).json()["following"] is True


def test_an_outsider_finds_no_thread(as_bob, as_mallory, room, root, replies):
    path = f"messages/{root}/thread/"
    assert as_bob.get(path).status_code == 200
    problem(as_mallory.get(path), 404, "not_found")
    problem(as_mallory.patch(path, {"following": True}), 404, "not_found")
    problem(as_mallory.get(f"rooms/{room.pk}/messages/?thread={root}"), 404, "not_found")
    problem(as_mallory.put(f"rooms/{room.pk}/read/", {"seq": 1, "thread": str(root)}), 404, "not_found")
    assert as_mallory.get("threads/").json()["results"] == []
