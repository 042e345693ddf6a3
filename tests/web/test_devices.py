"""/profile/devices/, the manifest, and the service worker."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat.models import BackgroundTask, Login, PushDevice, User
from chat.operations.pushing import devices, keys
from chat.operations.pushing.tasks import push_test
from tests.support.pushing import Browser
from tests.support.stores import ROOT
from tests.web.conftest import SignedIn


@pytest.fixture
def as_bob(signed_in: SignedIn, bob: User) -> Client:
    return signed_in(bob)


def device(user: User) -> PushDevice:
    made = Browser("https://push.example.org/one").subscription(keys.public_key())
    fields = {"key": made["keys"]["p256dh"], "secret": made["keys"]["auth"], "endpoint": made["endpoint"]}
    login = Login.objects.filter(user=user).latest("created_at")
    return devices.subscribe(
        actor=user, login_id=login.pk, application_key=keys.public_key(), name="A phone", **fields
    )[0]


def page(client: Client) -> str:
    return b"".join(client.get("/profile/notifications/")).decode()


def test_devices_are_listed_told_less_and_removed(as_bob: Client, bob: User) -> None:
    assert "Devices" not in page(as_bob)
    made = device(bob)
    assert "A phone" in page(as_bob) and "this device" in page(as_bob)
    for do, hidden in (("hide", True), ("show", False)):
        assert as_bob.post(f"/profile/devices/{made.pk}/", {"do": do}).status_code == 302
        made.refresh_from_db()
        assert made.hides_words is hidden
    assert as_bob.post(f"/profile/devices/{made.pk}/", {"do": "nothing"}).status_code == 400
    as_bob.post(f"/profile/devices/{made.pk}/", {"do": "remove"})
    assert not PushDevice.objects.exists()
    assert "Nothing is pushed there any more." in page(as_bob)


def test_a_test_is_on_its_way(as_bob: Client, bob: User) -> None:
    made = device(bob)
    as_bob.post(f"/profile/devices/{made.pk}/", {"do": "test"})
    (task,) = BackgroundTask.objects.filter(task_path=push_test.module_path)
    assert task.args_kwargs["args"] == [str(made.pk)]


def test_devices_of_others_are_not_there(as_bob: Client, signed_in: SignedIn, bob: User, mallory: User) -> None:
    made = device(bob)
    for pk in (made.pk, uuid.uuid4()):
        assert signed_in(mallory).post(f"/profile/devices/{pk}/", {"do": "remove"}).status_code == 404
    assert PushDevice.objects.exists()


def test_signing_out_ends_it(as_bob: Client, bob: User) -> None:
    device(bob)
    as_bob.post("/sign-out/")
    assert not PushDevice.objects.exists()


def test_the_manifest_names_the_place_and_icons_that_are_there(as_bob: Client) -> None:
    response = Client().get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    found = response.json()
    assert found["start_url"] == found["scope"] == "/" and found["display"] == "standalone"
    for icon in found["icons"]:
        assert (ROOT / "static" / icon["src"].partition("/static/")[2]).exists()
    assert {icon.get("purpose") for icon in found["icons"]} == {None, "maskable"}


def test_the_service_worker_stands_before_all_pages(db: None) -> None:
    response = Client().get("/service-worker.js")
    assert response["Content-Type"].startswith("text/javascript") and response["Cache-Control"] == "no-cache"
    assert b'const ICON = "/static/img/icon-192' in response.content


def test_there_is_a_page_for_when_there_is_no_server(db: None) -> None:
    response = Client().get("/offline/")
    assert response.status_code == 200 and b"<!-- kept -->" in response.content
