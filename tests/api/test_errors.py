"""One shape for whatever goes wrong."""

import json

import pytest
from django.db import DataError, OperationalError
from django.test import Client

from chat.api import users
from tests.support.rest import Rest, problem

DEEP = b'{"name": ' + b"[" * 100_000


@pytest.mark.parametrize("path", ["/api/", "/api", "/api/v1/", "/api/v1/nowhere/", "/api/v2/me/", "/api/v1/me"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_404_in_json(as_nobody, method, path):
    problem(as_nobody.ask(method, path), 404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_405_and_says_which_there_are(as_alice, method):
    response = as_alice.ask(method, "me/")
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, PATCH"


def test_head_is_get_without_a_body(as_alice):
    response = as_alice.ask("HEAD", "me/")
    assert (response.status_code, response.content) == (200, b"")


def test_what_accepts_no_json_gets_406(as_alice):
    problem(as_alice.ask("GET", "me/", headers={"Accept": "text/html"}), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "application/json"])
def test_what_accepts_json_gets_it(as_alice, accept):
    assert as_alice.ask("GET", "me/", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "x"]
)
def test_a_body_that_is_not_said_to_be_json_is_415(as_alice, content_type):
    response = as_alice.ask("PATCH", "me/", b'{"name": "A."}', content_type=content_type)
    problem(response, 415, "unsupported_media_type")
    assert as_alice.get("me/").json()["name"] == "Alice"


def test_a_charset_is_no_hindrance(as_alice):
    content_type = "application/json; charset=utf-8"
    assert as_alice.ask("PATCH", "me/", b'{"name": "A."}', content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"[]",
        b"[1]",
        b'"x"',
        b"null",
        b"7",
        b"NaN",
        b'{"hue": NaN}',
        b'{"hue": Infinity}',
        b'{"name": "x"} {}',
        b"{'name': 'x'}",
        b'{"name": "\xff"}',
        b'\xff\xfe{\x00"\x00',
        b"name=x",
        b"\x00",
        DEEP,
    ],
)
def test_what_is_no_json_object_is_400(as_alice, body):
    problem(as_alice.patch("me/", body), 400, "bad_request")
    assert as_alice.get("me/").json()["name"] == "Alice"


def test_a_depth_that_would_be_json_is_400_too(as_alice):
    body = b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    problem(as_alice.patch("me/", body), 400, "bad_request")


def test_a_body_over_256_kib_is_413(as_alice):
    room_for = 256 * 1024 - len('{"name": ""}')
    problem(as_alice.patch("me/", {"name": "x" * room_for}), 400, "bad_request", "name")
    problem(as_alice.patch("me/", {"name": "x" * (room_for + 1)}), 413, "too_large")


def test_of_a_field_given_twice_the_last_counts(as_alice):
    assert as_alice.patch("me/", b'{"name": "x", "name": "y"}').json()["name"] == "y"


def test_a_field_without_a_character_is_named(as_alice):
    problem(as_alice.patch("me/", b'{"\\ud800": 1}'), 400, "bad_request", "\\ud800")


@pytest.mark.parametrize("error", [OperationalError("gone"), OperationalError("database is locked")])
def test_without_its_database_it_says_try_again(as_alice, monkeypatch, error):
    def fail(user):
        raise error

    monkeypatch.setattr(users, "me_data", fail)
    response = as_alice.get("me/")
    found = problem(response, 503, "unavailable")
    assert str(error) not in found["detail"]
    assert response["Retry-After"] == "1"


def test_what_the_database_cannot_hold_is_400(as_alice, monkeypatch):
    def fail(user):
        raise DataError("out of range")

    monkeypatch.setattr(users, "me_data", fail)
    assert "out of range" not in problem(as_alice.get("me/"), 400, "bad_request")["detail"]


def test_a_fault_of_the_server_is_500_in_the_same_shape(as_alice, monkeypatch):
    def fail(user):
        raise RuntimeError("secret")

    monkeypatch.setattr(users, "me_data", fail)
    as_alice.client.raise_request_exception = False
    assert "secret" not in json.dumps(problem(as_alice.get("me/"), 500, "internal"))


def test_a_foreign_host_is_400_in_the_same_shape(as_alice):
    problem(as_alice.ask("GET", "me/", headers={"Host": "evil.example"}), 400, "bad_request")


def test_pages_keep_their_own_errors(db):
    client = Client()
    assert client.get("/apis/")["Content-Type"].startswith("text/html")


def test_answers_are_not_for_shared_caches(as_alice, as_nobody):
    for response in (as_alice.get("me/"), as_nobody.get("me/")):
        assert response["Cache-Control"] == "private, no-cache"
        assert response["Vary"] == "Authorization, Cookie"


def test_an_unknown_parameter_is_no_error(as_alice):
    assert isinstance(as_alice, Rest)
    assert as_alice.get("me/", format="xml", x="\x00").status_code == 200
