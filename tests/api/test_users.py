"""GET and POST users/, GET users/{id}/: everybody."""

import pytest

from chat.models import User
from tests.support.rest import Rest, problem, tokens_of


def names_in(response):
    assert response.status_code == 200, response.content
    return [user["username"] for user in response.json()["results"]]


def test_everybody_is_listed_by_name(as_alice, bob, mallory):
    response = as_alice.get("users/")
    assert names_in(response) == ["alice", "bob", "mallory"]
    assert response.json()["next"] is response.json()["previous"] is None
    assert response.json()["results"][1] == {
        "id": str(bob.pk),
        "username": "bob",
        "name": "Bob",
        "is_bot": False,
        "hue": bob.hue,
    }


def test_the_list_is_found_by_the_beginning_of_a_name(as_alice, bob, mallory):
    User.objects.filter(pk=mallory.pk).update(name="Über Mallory")
    assert names_in(as_alice.get("users/", q="BO")) == ["bob"]
    assert names_in(as_alice.get("users/", q="Über")) == ["mallory"]
    assert names_in(as_alice.get("users/", q="ob")) == []
    assert names_in(as_alice.get("users/", q="%")) == []
    assert names_in(as_alice.get("users/", q=" ")) == ["alice", "bob", "mallory"]


def test_a_page_leads_to_the_next_and_back(as_alice, bob, mallory):
    first = as_alice.get("users/", limit=2)
    assert names_in(first) == ["alice", "bob"]
    second = as_alice.get(first.json()["next"])
    assert names_in(second) == ["mallory"]
    assert second.json()["next"] is None
    assert names_in(as_alice.get(second.json()["previous"])) == ["alice", "bob"]


def test_pages_stay_right_while_people_come(as_alice, bob, mallory):
    first = as_alice.get("users/", limit=2).json()
    User.objects.create_user("aaron")
    assert names_in(as_alice.get(first["next"])) == ["mallory"]


def test_the_disabled_are_not_listed_but_found(as_alice, bob):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert names_in(as_alice.get("users/")) == ["alice"]
    assert as_alice.get(f"users/{bob.pk}/").json()["username"] == "bob"


def test_the_number_of_queries_does_not_depend_on_how_many_there_are(as_alice, queries):
    with queries() as few:
        as_alice.get("users/")
    for number in range(30):
        User.objects.create_user(f"user{number}")
    with queries() as many:
        assert len(as_alice.get("users/").json()["results"]) == 31
    assert few.number == many.number == 2


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"cursor": "cD0AYQ=="}, "cursor"),  # p=\0a
        ({"q": "\x00"}, "q"),
    ],
)
def test_bad_parameters_are_named(as_alice, query, field):
    problem(as_alice.get("users/", **query), 400, "bad_request", field)


@pytest.mark.parametrize("user_id", ["0", "x", "-1", "1.5", "99999999999999999999", "9223372036854775807"])
def test_somebody_who_is_not_there_is_not_found(as_alice, user_id):
    problem(as_alice.get(f"users/{user_id}/"), 404, "not_found")


# Making users -----------------------------------------------------------------------------------


@pytest.fixture
def as_staff(alice):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    return Rest(tokens_of(alice).access)


def test_staff_makes_users(as_staff, as_nobody):
    response = as_staff.post("users/", {"username": "Carol", "password": "a good long word", "name": "Carol C."})
    assert response.status_code == 201
    assert response.json() == as_staff.get(f"users/{response.json()['id']}/").json()
    assert response.json()["name"] == "Carol C."
    assert as_nobody.post("token/", {"username": "carol", "password": "a good long word"}).status_code == 200


def test_nobody_else_does(as_bob):
    problem(as_bob.post("users/", {"username": "carol", "password": "a good long word"}), 403, "forbidden")
    assert not User.objects.filter(username="carol").exists()


@pytest.mark.parametrize("username", ["BOB", "ｂｏｂ", "bоb"])  # the last has a Cyrillic о
def test_a_name_that_is_taken_or_looks_so_is_a_conflict(as_staff, bob, username):
    problem(
        as_staff.post("users/", {"username": username, "password": "a good long word"}), 409, "conflict", "username"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "a good long word"}, "username"),
        ({"username": "carol"}, "password"),
        ({"username": "", "password": "a good long word"}, "username"),
        ({"username": "a b", "password": "a good long word"}, "username"),
        ({"username": "a\x00b", "password": "a good long word"}, "username"),
        ({"username": "x" * 10_000, "password": "a good long word"}, "username"),
        ({"username": "carol", "password": "short"}, "password"),
        ({"username": "carol", "password": "a good long word", "is_superuser": True}, "is_superuser"),
    ],
)
def test_bad_input_names_the_field(as_staff, body, field):
    problem(as_staff.post("users/", body), 400, "bad_request", field)
