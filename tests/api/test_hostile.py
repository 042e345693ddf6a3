"""Whatever is sent to whichever address: an answer in the contract's shape, never a 500."""

import itertools
import uuid

import pytest

from chat.models import User
from tests.support.rest import BASE

IDS = ["{room}", "{message}", "{user}", "4242", "9223372036854775807"]
ADDRESSES = [
    "token/",
    "token/refresh/",
    "token/revoke/",
    "me/",
    "users/",
    "users/{}/",
    "rooms/",
    "rooms/{}/",
    "rooms/{}/join/",
    "rooms/{}/leave/",
    "rooms/{}/members/",
    "rooms/{}/members/{}/",
    "rooms/{}/messages/",
    "rooms/{}/read/",
    "messages/{}/",
]
BODIES = {
    ("POST", "token/"): {"username": '"alice"', "password": '"x"'},
    ("POST", "token/refresh/"): {"refresh": '"x"'},
    ("POST", "token/revoke/"): {"refresh": '"x"'},
    ("PATCH", "me/"): {"name": '"x"', "email": '"a@example.org"', "time_zone": '""', "hue": "1"},
    ("POST", "users/"): {"username": '"carol"', "password": '"a good long word"', "name": '"x"', "email": '""'},
    ("POST", "rooms/"): {"kind": '"open"', "name": '"x"', "topic": '"x"', "members": "[]"},
    ("PATCH", "rooms/{room}/"): {"name": '"x"', "topic": '"x"', "archived": "false"},
    ("POST", "rooms/{room}/members/"): {"user": '"{user}"', "role": '"member"'},
    ("PATCH", "rooms/{room}/members/{user}/"): {"role": '"member"'},
    ("POST", "rooms/{room}/messages/"): {"id": f'"{uuid.uuid4()}"', "body": '"x"', "reply_to": '"{message}"'},
    ("PATCH", "messages/{message}/"): {"body": '"x"'},
    ("PUT", "rooms/{room}/read/"): {"seq": "1", "unread": "true"},
}
VALUES = [
    b"null",
    b"true",
    b"-1",
    b"9223372036854775808",
    b"1e400",
    b'""',
    b'"\\u0000"',
    b'"\\ud800"',
    b'"99999999999999999999"',
    b'"' + b"x" * 5000 + b'"',
    b"[]",
    b'["x"]',
    b'["9223372036854775807"]',
    b"{}",
    b"[[[[]]]]",
    b'"' + str(uuid.uuid4()).encode() + b'"',
]
PARAMETERS = ["q", "cursor", "limit", "before", "after", "around", "member"]
WORDS = ["", "\x00", "-1", "99999999999999999999", "x", "é", "cD0x", "cj0xJnA9JTAw", "bz05OTkmcD0x", "'--", "%"]


@pytest.fixture
def shown(alice, bob, room, say):
    said = say(alice, room, "Hello")
    return {"room": room.pk, "message": said.message_id, "user": bob.pk}


def addresses(shown):
    for address in ADDRESSES:
        for ids in itertools.product(IDS, repeat=address.count("{}")):
            yield address.format(*ids).format(**shown)


def check(response, what):
    assert response.status_code < 500, (what, response.content)
    if response.status_code >= 400:
        assert response.json()["code"], what


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_bodies(as_alice, alice, shown, settings, method, path):
    """Every field with every value, beside others that are right."""
    settings.API_THROTTLE = False
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    right = {name: value.format(**shown).encode() for name, value in BODIES[method, path].items()}
    for name, value in itertools.product(right, VALUES):
        fields = b", ".join(b'"%s": %s' % (each.encode(), text) for each, text in (right | {name: value}).items())
        check(as_alice.ask(method, path.format(**shown), b"{%s}" % fields), (path, fields))


def test_addresses_and_methods(as_bob, shown, settings):
    settings.API_THROTTLE = False
    for path, method in itertools.product(addresses(shown), ["GET", "PUT", "PATCH", "POST", "DELETE"]):
        check(as_bob.ask(method, path, b"{}"), (method, path))


def test_parameters(as_alice, shown, settings):
    settings.API_THROTTLE = False
    paths = ["users/", "rooms/", f"rooms/{shown['room']}/members/", f"rooms/{shown['room']}/messages/"]
    for path, name, value in itertools.product(paths, PARAMETERS, WORDS):
        check(as_alice.get(BASE + path, **{name: value}), (path, name, value))
