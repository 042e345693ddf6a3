"""POST token/refresh/: the next pair, once for each token."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from rest_framework_simplejwt.tokens import RefreshToken

from chat.models import Login, User
from chat.operations.logins import end_all_logins
from chat.operations.people import disable_user
from tests.support.rest import Rest, problem, tokens_of


def test_a_refresh_token_gives_the_next_pair_of_the_same_login(as_nobody, alice):
    first = tokens_of(alice)
    response = as_nobody.post("token/refresh/", {"refresh": first.refresh})
    assert response.status_code == 200
    second = response.json()
    assert set(second) == {"access", "refresh"}
    assert second["refresh"] != first.refresh
    assert Rest(second["access"]).get("me/").json()["username"] == "alice"
    assert Login.objects.count() == 1
    assert as_nobody.post("token/refresh/", {"refresh": second["refresh"]}).status_code == 200


def test_a_refresh_token_is_used_up(as_nobody, alice):
    first = tokens_of(alice).refresh
    assert as_nobody.post("token/refresh/", {"refresh": first}).status_code == 200
    problem(as_nobody.post("token/refresh/", {"refresh": first}), 401, "unauthorized")


def test_an_ended_login_is_not_refreshed(as_nobody, alice):
    pair = tokens_of(alice)
    end_all_logins(user_id=alice.pk)
    problem(as_nobody.post("token/refresh/", {"refresh": pair.refresh}), 401, "unauthorized")


def test_a_disabled_person_is_not_refreshed(as_nobody, alice):
    pair = tokens_of(alice)
    disable_user(actor=None, user_id=alice.pk)
    problem(as_nobody.post("token/refresh/", {"refresh": pair.refresh}), 401, "unauthorized")


def test_somebody_who_is_gone_is_not_refreshed(as_nobody, alice):
    pair = tokens_of(alice)
    User.objects.filter(pk=alice.pk).delete()
    problem(as_nobody.post("token/refresh/", {"refresh": pair.refresh}), 401, "unauthorized")


def test_an_access_token_is_no_refresh_token(as_nobody, alice):
    problem(as_nobody.post("token/refresh/", {"refresh": tokens_of(alice).access}), 401, "unauthorized")


def test_an_expired_token_is_not_refreshed(as_nobody, alice):
    token = RefreshToken(tokens_of(alice).refresh)
    token.set_exp(lifetime=timedelta(seconds=-1))
    problem(as_nobody.post("token/refresh/", {"refresh": str(token)}), 401, "unauthorized")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00", "é.é.é"])
def test_what_is_no_token_gives_401(as_nobody, token):
    problem(as_nobody.post("token/refresh/", {"refresh": token}), 401, "unauthorized")


@pytest.mark.parametrize(("body", "field"), [({}, "refresh"), ({"refresh": None}, "refresh"), ({"token": ""}, "token")])
def test_bad_input_names_the_field(as_nobody, body, field):
    problem(as_nobody.post("token/refresh/", body), 400, "bad_request", field)


@pytest.mark.django_db(transaction=True)
def test_of_two_refreshes_at_once_exactly_one_wins(alice):
    for _ in range(5):
        refresh = tokens_of(alice).refresh
        ready, statuses = threading.Barrier(2), []

        def ask(refresh=refresh, ready=ready, statuses=statuses):
            ready.wait()
            statuses.append(Rest().post("token/refresh/", {"refresh": refresh}).status_code)
            connection.close()

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 401]
