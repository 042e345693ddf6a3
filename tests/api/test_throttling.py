"""How often somebody may ask."""

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from chat.operations import throttling
from tests.conftest import PASSWORD
from tests.support.rest import problem


@pytest.fixture(autouse=True)
def one_minute(monkeypatch):
    """The clock stands 20 s into a minute."""
    monkeypatch.setattr(throttling.time, "time", lambda: 60_000_020.0 - 60_000_000 % 60)


def assert_limited(response):
    problem(response, 429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 60


def test_a_person_may_ask_so_often_in_a_minute(as_alice, as_bob, monkeypatch):
    monkeypatch.setattr(throttling, "PER_USER", throttling.Rate("user", 3))
    for _ in range(3):
        assert as_alice.get("me/").status_code == 200
    assert_limited(as_alice.get("me/"))
    assert as_bob.get("me/").status_code == 200


def test_the_next_minute_is_another(as_alice, monkeypatch):
    monkeypatch.setattr(throttling, "PER_USER", throttling.Rate("user", 1))
    assert as_alice.get("me/").status_code == 200
    retry_after = int(as_alice.get("me/")["Retry-After"])
    now = throttling.time.time()
    monkeypatch.setattr(throttling.time, "time", lambda: now + retry_after)
    assert as_alice.get("me/").status_code == 200


def test_an_address_may_try_20_passwords_a_minute(as_nobody, alice):
    for _ in range(20):
        problem(as_nobody.post("token/", {"username": "alice", "password": "wrong"}), 401, "unauthorized")
    assert_limited(as_nobody.post("token/", {"username": "alice", "password": PASSWORD}))


def test_the_bad_credentials_of_an_address_are_counted(as_nobody, as_alice, monkeypatch):
    monkeypatch.setattr(throttling, "PER_ADDRESS", throttling.Rate("address", 2))
    monkeypatch.setattr("chat.api.base.throttling.PER_ADDRESS", throttling.PER_ADDRESS)
    problem(as_nobody.get("me/"), 401, "unauthorized")
    problem(as_nobody.post("token/refresh/", {"refresh": "x"}), 401, "unauthorized")
    assert_limited(as_nobody.get("me/"))
    assert as_alice.get("me/").status_code == 200
    other = Client().get("/api/v1/me/", REMOTE_ADDR="192.0.2.7")
    problem(other, 401, "unauthorized")


def test_it_can_be_turned_off(as_nobody, alice, settings):
    settings.API_THROTTLE = False
    for _ in range(25):
        assert as_nobody.post("token/", {"username": "alice", "password": PASSWORD}).status_code == 200


def test_without_the_cache_nobody_is_kept_out(as_alice, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("no cache")

    monkeypatch.setattr(cache, "add", away)
    assert as_alice.get("me/").status_code == 200


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("", "unknown"),
    ],
)
def test_an_address_is_what_one_customer_has(address, counted_as):
    assert throttling.address_of(RequestFactory().get("/", REMOTE_ADDR=address)) == counted_as


def test_the_word_of_others_about_an_address_is_not_believed():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "10.0.0.1"})
    assert throttling.address_of(request) == "192.0.2.7"
