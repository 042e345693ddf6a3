"""POST token/refresh/: the next pair, once for each token."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from chat.models import Login, User
from chat.operations import tokens
from chat.operations.jwt import RefreshToken
from chat.operations.logins import end_all_logins
from chat.operations.people import disable_user
from chat.protocol.errors import Conflict
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


def test_whose_answer_was_lost_asks_again_and_gets_the_same_successor(as_nobody, alice):
    first = tokens_of(alice).refresh
    lost = as_nobody.post("token/refresh/", {"refresh": first}).json()
    again = as_nobody.post("token/refresh/", {"refresh": first})
    assert again.status_code == 200
    for refresh in lost["refresh"], again.json()["refresh"]:
        assert RefreshToken(refresh)["generation"] == 1
    third = as_nobody.post("token/refresh/", {"refresh": again.json()["refresh"]})
    assert RefreshToken(third.json()["refresh"])["generation"] == 2


def test_an_old_refresh_token_ends_the_login(as_nobody, alice):
    first = tokens_of(alice)
    second = as_nobody.post("token/refresh/", {"refresh": first.refresh}).json()
    third = as_nobody.post("token/refresh/", {"refresh": second["refresh"]}).json()
    problem(as_nobody.post("token/refresh/", {"refresh": first.refresh}), 401, "unauthorized")
    problem(as_nobody.post("token/refresh/", {"refresh": third["refresh"]}), 401, "unauthorized")
    for access in first.access, third["access"]:
        problem(Rest(access).get("me/"), 401, "unauthorized")


def test_a_used_token_ends_the_login_when_its_grace_is_over(as_nobody, alice):
    first = tokens_of(alice).refresh
    second = as_nobody.post("token/refresh/", {"refresh": first}).json()
    Login.objects.update(rotated_at=timezone.now() - tokens.GRACE)
    problem(as_nobody.post("token/refresh/", {"refresh": first}), 401, "unauthorized")
    problem(as_nobody.post("token/refresh/", {"refresh": second["refresh"]}), 401, "unauthorized")


def test_other_logins_of_the_person_go_on_when_one_is_ended_so(as_nobody, alice):
    other, first = tokens_of(alice), tokens_of(alice)
    Login.objects.filter(pk=RefreshToken(first.refresh)["login"]).update(generation=5)
    problem(as_nobody.post("token/refresh/", {"refresh": first.refresh}), 401, "unauthorized")
    assert Rest(other.access).get("me/").status_code == 200


def test_a_backup_that_was_restored_signs_nobody_out(as_nobody, alice):
    first = tokens_of(alice).refresh
    second = as_nobody.post("token/refresh/", {"refresh": first}).json()
    Login.objects.update(generation=0, rotated_at=None)
    assert as_nobody.post("token/refresh/", {"refresh": second["refresh"]}).status_code == 200


def test_a_token_outlives_its_key_as_long_as_that_is_kept(as_nobody, alice, settings):
    pair = tokens_of(alice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 50
    assert Rest(pair.access).get("me/").status_code == 200
    second = as_nobody.post("token/refresh/", {"refresh": pair.refresh}).json()
    settings.SECRET_KEY_FALLBACKS = []
    problem(Rest(pair.access).get("me/"), 401, "unauthorized")
    assert Rest(second["access"]).get("me/").status_code == 200


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


def test_who_came_before_the_winner_was_done_gets_a_conflict(alice):
    refresh = tokens_of(alice).refresh
    arrived_at = timezone.now()
    tokens.rotate_tokens(refresh=refresh, arrived_at=arrived_at)
    with pytest.raises(Conflict):
        tokens.rotate_tokens(refresh=refresh, arrived_at=arrived_at)
    assert tokens.rotate_tokens(refresh=refresh, arrived_at=timezone.now()) is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_refreshes_at_once_one_wins_and_nobody_is_signed_out(alice):
    for number in range(5):
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
        # The other asks again; or it came when the first was done, as if its answer had been lost.
        assert sorted(statuses) in ([200, 409], [200, 200])
        assert Login.objects.live().filter(generation=1).count() == number + 1
