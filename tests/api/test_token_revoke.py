"""POST token/revoke/: signing out."""

import pytest

from chat.models import Event, Login
from tests.support.rest import Rest, problem, tokens_of


def test_a_revoked_login_opens_nothing_and_is_not_refreshed(as_nobody, alice):
    pair = tokens_of(alice)
    assert Rest(pair.access).get("me/").status_code == 200
    assert as_nobody.post("token/revoke/", {"refresh": pair.refresh}).status_code == 204
    problem(Rest(pair.access).get("me/"), 401, "unauthorized")
    problem(as_nobody.post("token/refresh/", {"refresh": pair.refresh}), 401, "unauthorized")


def test_its_sockets_are_told(as_nobody, alice):
    pair = tokens_of(alice)
    as_nobody.post("token/revoke/", {"refresh": pair.refresh})
    event = Event.objects.get(stream=alice.pk, type="access.revoked")
    assert str(Login.objects.get().pk) in event.payload


def test_other_logins_go_on(as_nobody, alice):
    other = tokens_of(alice)
    as_nobody.post("token/revoke/", {"refresh": tokens_of(alice).refresh})
    assert Rest(other.access).get("me/").status_code == 200


def test_revoking_twice_is_no_error(as_nobody, alice):
    pair = tokens_of(alice)
    for _ in range(2):
        assert as_nobody.post("token/revoke/", {"refresh": pair.refresh}).status_code == 204
    assert Event.objects.filter(type="access.revoked").count() == 1


def test_a_used_token_revokes_its_login_too(as_nobody, alice):
    first = tokens_of(alice)
    second = as_nobody.post("token/refresh/", {"refresh": first.refresh}).json()
    assert as_nobody.post("token/revoke/", {"refresh": first.refresh}).status_code == 204
    problem(Rest(second["access"]).get("me/"), 401, "unauthorized")


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
def test_what_is_no_token_gives_401(as_nobody, token):
    problem(as_nobody.post("token/revoke/", {"refresh": token}), 401, "unauthorized")


def test_an_access_token_revokes_nothing(as_nobody, alice):
    pair = tokens_of(alice)
    problem(as_nobody.post("token/revoke/", {"refresh": pair.access}), 401, "unauthorized")
    assert Rest(pair.access).get("me/").status_code == 200
