"""Who is pushed to, and what a device may be."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone
from django_tasks.base import TaskResultStatus as Status

from chat.models import BackgroundTask, Login, NotifySettings, PushDevice, Room, User
from chat.operations.logins import end_every_login, end_login
from chat.operations.posting import post_message
from chat.operations.pushing import devices, keys, sending
from chat.protocol.errors import BadRequest, Conflict, NotFound
from tests.support.pushing import Browser


@pytest.fixture
def login(bob: User) -> Login:
    return Login.objects.create(user=bob, kind=Login.Kind.SESSION)


def subscribe(actor: User, login: Login, endpoint: str = "https://push.example.org/one", **changes: Any) -> PushDevice:
    made = Browser(endpoint).subscription(keys.public_key())
    fields: dict[str, Any] = {
        "endpoint": endpoint,
        "key": made["keys"]["p256dh"],
        "secret": made["keys"]["auth"],
        "application_key": made["application_key"],
    }
    return devices.subscribe(actor=actor, login_id=login.pk, **fields | changes)[0]


def waiting() -> list[str]:
    tasks = BackgroundTask.objects.filter(status=Status.READY).values_list("task_path", flat=True)
    return [path for path in tasks if ".pushing." in path]


def say(alice: User, room: Room, body: str = "hello @bob") -> None:
    post_message(sender=alice, room_id=room.pk, client_id=uuid.uuid4(), body=body)


def test_a_notification_brings_a_task_for_who_has_a_device(alice: User, bob: User, room: Room, login: Login) -> None:
    say(alice, room)
    assert waiting() == []
    subscribe(bob, login)
    say(alice, room, "nothing for him")
    assert waiting() == []
    say(alice, room)
    assert waiting() == ["chat.operations.pushing.tasks.push"]


def test_in_a_pause_nothing_is_pushed(alice: User, bob: User, room: Room, login: Login) -> None:
    subscribe(bob, login)
    NotifySettings.objects.create(user=bob, paused_until=timezone.now() + timedelta(hours=1))
    say(alice, room)
    assert waiting() == []


def test_a_device_ends_with_its_login(bob: User, login: Login) -> None:
    other = Login.objects.create(user=bob, kind=Login.Kind.SESSION)
    subscribe(bob, login)
    kept = subscribe(bob, other, "https://push.example.org/two")
    end_login(login_id=login.pk)
    assert list(devices.devices_of(bob)) == [kept]
    end_every_login(user_id=bob.pk)
    assert not PushDevice.objects.exists()


def test_who_is_disabled_is_not_told(bob: User, login: Login) -> None:
    subscribe(bob, login)
    bob.is_active = False
    bob.save()
    assert not PushDevice.objects.live().exists()


def test_a_browser_that_somebody_else_has_now_is_theirs(alice: User, bob: User, login: Login) -> None:
    subscribe(bob, login)
    subscribe(alice, Login.objects.create(user=alice, kind=Login.Kind.SESSION))
    assert PushDevice.objects.get().user == alice


def test_so_many_are_the_most(bob: User, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MOST", 2)
    for number in range(2):
        subscribe(bob, login, f"https://push.example.org/{number}")
    subscribe(bob, login, "https://push.example.org/1")
    with pytest.raises(Conflict):
        subscribe(bob, login, "https://push.example.org/3")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("endpoint", {"endpoint": "http://push.example.org/one"}),
        ("endpoint", {"endpoint": "https://"}),
        ("endpoint", {"endpoint": "https://[::1"}),
        ("endpoint", {"endpoint": "https://push.example.org:99999/"}),
        ("endpoint", {"endpoint": "https://name@push.example.org/"}),
        ("endpoint", {"endpoint": "https://push.example.org/a b"}),
        ("endpoint", {"endpoint": "https://push.example.org/ä"}),
        ("endpoint", {"endpoint": "https://push.example.org/" + "a" * 1_000}),
        ("endpoint", {"endpoint": "https://push.example.org/\x00"}),
        ("keys.p256dh", {"key": ""}),
        ("keys.p256dh", {"key": "not base64!"}),
        ("keys.p256dh", {"key": keys.encoded(b"\x04" + b"\x01" * 64)}),
        ("keys.auth", {"secret": keys.encoded(b"x" * 15)}),
        ("keys.auth", {"secret": "é"}),
        ("application_key", {"application_key": Browser("x").subscription("")["keys"]["p256dh"]}),
        ("name", {"name": "x" * 81}),
    ],
)
def test_what_is_no_subscription_is_refused(bob: User, login: Login, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as refused:
        subscribe(bob, login, **changes)
    assert refused.value.field == field
    assert not PushDevice.objects.exists()


def test_devices_of_others_are_not_there(alice: User, bob: User, login: Login) -> None:
    device = subscribe(bob, login)
    for act in (devices.remove, devices.test):
        with pytest.raises(NotFound):
            act(actor=alice, device_id=device.pk)
    with pytest.raises(NotFound):
        devices.change(actor=alice, device_id=device.pk, hides_words=True)


def test_the_key_outlives_a_change_of_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys.public_key()
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [settings.SECRET_KEY])
    monkeypatch.setattr(settings, "SECRET_KEY", "another secret of at least so many characters")
    assert keys.public_key() != before
    assert keys.private_key_of(before) is not None and keys.private_key_of(keys.public_key()) is not None
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [])
    assert keys.private_key_of(before) is None


def test_the_key_pair_belongs_together() -> None:
    private = keys.private_key_of(keys.public_key())
    assert private is not None
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.decoded(keys.public_key()))
    assert private.public_key() == point


def test_nothing_is_sent_to_the_inner_network(bob: User, login: Login) -> None:
    device = subscribe(bob, login, "https://127.0.0.1:9/push")
    outcome = sending.send(device, b"{}", topic="1", urgency="normal", seconds=1)
    assert outcome.status is None and "inner network" in outcome.error and outcome.passing
