"""GET and PATCH me/: oneself."""

import pytest

from chat.models import User
from tests.support.rest import problem


def test_i_see_my_profile(as_alice, alice):
    assert as_alice.get("me/").json() == {
        "id": str(alice.pk),
        "username": "alice",
        "name": "Alice",
        "is_bot": False,
        "hue": alice.hue,
        "email": "alice@example.org",
        "time_zone": "",
        "is_staff": False,
        "is_superuser": False,
    }


def test_i_change_what_i_give(as_alice, alice):
    changes = {"name": "Alice A.", "email": "a@example.org", "time_zone": "Europe/Berlin", "hue": 7}
    response = as_alice.patch("me/", changes)
    assert response.status_code == 200
    assert changes.items() <= response.json().items()
    assert response.json() == as_alice.get("me/").json()
    as_alice.patch("me/", {"hue": 3})
    assert as_alice.get("me/").json() == response.json() | {"hue": 3}


def test_nothing_given_changes_nothing(as_alice):
    before = as_alice.get("me/").json()
    assert as_alice.patch("me/", {}).json() == before


def test_without_a_name_i_am_called_by_my_user_name(as_alice):
    assert as_alice.patch("me/", {"name": ""}).json()["name"] == "alice"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": None}, "name"),
        ({"name": "\udc00"}, "name"),
        ({"email": "no address"}, "email"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"hue": 12}, "hue"),
        ({"hue": -1}, "hue"),
        ({"hue": 1.5}, "hue"),
        ({"hue": 10**30}, "hue"),
        ({"is_staff": True}, "is_staff"),
        ({"username": "queen"}, "username"),
    ],
)
def test_bad_input_names_the_field_and_changes_nothing(as_alice, alice, body, field):
    problem(as_alice.patch("me/", body), 400, "bad_request", field)
    assert as_alice.get("me/").json()["name"] == "Alice"
    assert not User.objects.get(pk=alice.pk).is_staff


def test_the_address_of_somebody_else_is_a_conflict(as_alice, bob):
    problem(as_alice.patch("me/", {"email": "BOB@example.org"}), 409, "conflict", "email")
