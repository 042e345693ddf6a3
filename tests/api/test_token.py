"""POST token/: a name and a password become two tokens of one login."""

import jwt
import pytest

from chat.models import Login, User
from chat.operations.logins import end_login
from tests.conftest import PASSWORD
from tests.support.passwords import CheapHasher
from tests.support.rest import Rest, problem


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_a_name_and_a_password_give_tokens_that_open(as_nobody, alice):
    response = as_nobody.post("token/", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 200
    assert set(response.json()) == {"access", "refresh"}
    assert Rest(response.json()["access"]).get("me/").json()["username"] == "alice"


def test_both_tokens_name_the_person_and_the_login(as_nobody, alice):
    headers = {"User-Agent": "parley-tests/1"}
    body = b'{"username": "alice", "password": "%s"}' % PASSWORD.encode()
    pair = as_nobody.ask("POST", "token/", body, headers=headers).json()
    login = Login.objects.get()
    assert (login.user, login.kind, login.user_agent) == (alice, "token", "parley-tests/1")
    for token in pair.values():
        assert claims(token)["login"] == str(login.pk)
        assert claims(token)["user_id"] == str(alice.pk)


def test_nobody_keeps_the_answer(as_nobody, alice):
    response = as_nobody.post("token/", {"username": "alice", "password": PASSWORD})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("spelling", ["ALICE", " alice ", "ａｌｉｃｅ"])
def test_a_name_may_be_spelled_otherwise(as_nobody, alice, spelling):
    assert as_nobody.post("token/", {"username": spelling, "password": PASSWORD}).status_code == 200


def test_ended_logins_open_nothing(as_nobody, alice):
    pair = as_nobody.post("token/", {"username": "alice", "password": PASSWORD}).json()
    assert Rest(pair["access"]).get("me/").status_code == 200
    end_login(login_id=Login.objects.get().pk)
    problem(Rest(pair["access"]).get("me/"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("alice", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("al\x00ice", PASSWORD),
        ("alice", "\x00"),
        ("x" * 100_000, "y" * 100_000),
    ],
)
def test_a_wrong_name_or_password_gives_401(as_nobody, alice, username, password):
    response = as_nobody.post("token/", {"username": username, "password": password})
    problem(response, 401, "unauthorized")
    assert response["WWW-Authenticate"] == "Bearer"
    assert not Login.objects.exists()


def test_a_disabled_person_gets_the_same_answer_as_a_stranger(as_nobody, alice):
    stranger = as_nobody.post("token/", {"username": "nobody", "password": PASSWORD}).json()
    User.objects.update(is_active=False)
    response = as_nobody.post("token/", {"username": "alice", "password": PASSWORD})
    assert problem(response, 401, "unauthorized") == stranger


def test_a_stranger_costs_as_many_hashes_as_anybody(as_nobody, alice, monkeypatch):
    encode, made = CheapHasher.encode, []
    monkeypatch.setattr(CheapHasher, "encode", lambda *args, **more: made.append(1) or encode(*args, **more))

    def hashes(username):
        made.clear()
        as_nobody.post("token/", {"username": username, "password": "wrong"})
        return len(made)

    assert hashes("nobody") == hashes("alice") == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "alice"}, "password"),
        ({"password": PASSWORD}, "username"),
        ({"username": "alice", "password": 7}, "password"),
        ({"username": "alice", "password": PASSWORD, "admin": True}, "admin"),
    ],
)
def test_bad_input_names_the_field(as_nobody, alice, body, field):
    problem(as_nobody.post("token/", body), 400, "bad_request", field)


def test_half_a_surrogate_pair_is_no_name(as_nobody, alice):
    problem(as_nobody.post("token/", {"username": "\ud800", "password": "x"}), 400, "bad_request", "username")


def test_a_get_is_not_allowed(as_nobody):
    response = as_nobody.get("token/")
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "POST"
