"""GET messages/{id}/revisions/."""

import pytest

from tests.support.rest import problem


@pytest.fixture
def path(bob, room, say):
    return f"messages/{say(bob, room, 'helo').message_id}/"


def test_the_words_of_an_edited_message_are_told_newest_first(as_alice, as_bob, path):
    as_bob.patch(path, {"body": "*hello*"})
    page = as_bob.get(f"{path}revisions/").json()
    assert [(each["body"], each["html"]) for each in page["results"]] == [
        ("*hello*", "<p><em>hello</em></p>"),
        ("helo", "<p>helo</p>"),
    ]
    assert {each["editor"]["username"] for each in page["results"]} == {"bob"}
    message = as_bob.get(path).json()
    assert [each["at"] for each in page["results"]] == [message["edited_at"], message["created_at"]]
    assert as_alice.get(f"{path}revisions/").json() == page
    assert len(as_alice.get(f"{path}revisions/?limit=1").json()["results"]) == 1


def test_one_that_was_never_edited_has_none(as_bob, path):
    assert as_bob.get(f"{path}revisions/").json() == {"results": [], "next": None, "previous": None}


def test_a_deleted_one_has_none_for_anybody(as_bob, path):
    as_bob.patch(path, {"body": "hello"})
    as_bob.delete(path)
    problem(as_bob.get(f"{path}revisions/"), 404, "not_found")


def test_members_and_outsiders_find_nothing(as_bob, as_mallory, as_nobody, alice, room, say):
    path = f"messages/{say(alice, room, 'hers').message_id}/revisions/"
    for who in (as_bob, as_mallory):
        problem(who.get(path), 404, "not_found")
    problem(as_nobody.get(path), 401, "unauthorized")
