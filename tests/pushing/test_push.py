"""Web Push by a real server, to a push service of the test's own: encrypted, signed, to whom it concerns, once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from chat.operations.pushing.keys import decoded
from tests.support.cast import Cast
from tests.support.pushing import Browser, application_key
from tests.support.receiver import Receiver, receiving


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving() as found:
        found.answer = lambda number: 201
        yield found


class Phone:
    """Bob's, at a push service."""

    def __init__(self, cast: Cast, service: Receiver, path: str = "") -> None:
        self.browser = Browser(service.url + path)
        self._base = f"{cast.parley.url}/api/v1/push/devices/"
        self._headers = {"Authorization": f"Bearer {cast.tokens['bob']}"}
        self.key = application_key(cast)
        self.id = self.ask("POST", json=self.browser.subscription(self.key))["id"]

    def ask(self, method: str, path: str = "", **options: Any) -> Any:
        answer = httpx.request(method, self._base + path, headers=self._headers, **options).raise_for_status()
        return answer.json() if answer.content else None

    @property
    def known(self) -> list[str]:
        return [each["id"] for each in self.ask("GET")["results"]]

    def until_known(self, *ids: str) -> None:
        deadline = time.monotonic() + 30
        while self.known != list(ids):
            assert time.monotonic() < deadline, self.known
            time.sleep(0.05)


def words(service: Receiver, phone: Phone) -> list[str]:
    return [phone.browser.read(body)["text"] for _, body in service.heard]


async def test_a_mention_arrives_encrypted_and_signed(fresh: Callable[..., Cast], service: Receiver) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    room, phone = cast.room(), Phone(cast, service)
    alice = await cast.client("alice").start()
    posted = await alice.post(room, "come **quickly**, @bob")
    await asyncio.to_thread(service.until, 1)
    headers, body = service.heard[0]
    assert b"quickly" not in body
    push = phone.browser.read(body)
    assert push["text"] == "come quickly, @bob" and push["title"].startswith("Alice mentioned you in ")
    assert push["url"].endswith(f"/{posted['message']}/")
    assert headers["Content-Encoding"] == "aes128gcm" and headers["Urgency"] == "high" and headers["TTL"] == "86400"
    assert headers["Topic"] == push["tag"]
    scheme, _, parameters = headers["Authorization"].partition(" ")
    token, key = (each.partition("=")[2] for each in parameters.split(","))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(phone.key))
    parts = urlsplit(service.url)
    claims = jwt.decode(token, point, algorithms=["ES256"], audience=f"{parts.scheme}://{parts.netloc}")
    assert scheme == "vapid" and key == phone.key
    assert claims["sub"].startswith("mailto:") and claims["exp"] < time.time() + 86_400


async def test_what_is_read_meanwhile_or_concerns_others_is_not_pushed(
    fresh: Callable[..., Cast], service: Receiver
) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    room, phone = cast.room(), Phone(cast, service)
    alice, bob = await cast.client("alice").start(), await cast.client("bob").start()
    read = await alice.post(room, "@bob, you look at this")
    assert (await bob.ask("read", room=room, seq=read["seq"]))["op"] == "ok"
    await alice.post(room, "nothing for anybody")
    await alice.post(room, "and this comes, @bob")
    await asyncio.to_thread(service.until, 1)
    assert words(service, phone) == ["and this comes, @bob"]


async def test_a_device_may_hide_the_words(fresh: Callable[..., Cast], service: Receiver) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    room, phone = cast.room(), Phone(cast, service)
    assert phone.ask("PATCH", f"{phone.id}/", json={"hides_words": True})["hides_words"] is True
    alice = await cast.client("alice").start()
    await alice.post(room, "a secret, @bob")
    await asyncio.to_thread(service.until, 1)
    push = phone.browser.read(service.heard[0][1])
    assert "secret" not in json.dumps(push) and "Alice" not in json.dumps(push)


async def test_a_subscription_that_has_ended_is_removed(fresh: Callable[..., Cast], service: Receiver) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    service.answer = lambda number: 410
    room, phone = cast.room(), Phone(cast, service)
    alice = await cast.client("alice").start()
    await alice.post(room, "are you there, @bob?")
    await asyncio.to_thread(phone.until_known)
    assert len(service.heard) == 1


async def test_a_service_that_is_busy_is_asked_again(fresh: Callable[..., Cast], service: Receiver) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    service.answer, service.retry_after = (lambda number: 503 if number == 1 else 201), "1"
    room, phone = cast.room(), Phone(cast, service)
    alice = await cast.client("alice").start()
    await alice.post(room, "again and again, @bob")
    await asyncio.to_thread(service.until, 2)
    assert set(words(service, phone)) == {"again and again, @bob"}
    assert len({headers["Topic"] for headers, _ in service.heard}) == 1


async def test_what_a_killed_server_has_not_pushed_is_pushed_by_the_next(
    fresh: Callable[..., Cast], service: Receiver
) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    room, phone = cast.room(), Phone(cast, service)
    alice = await cast.client("alice").start()
    await alice.post(room, "before the end, @bob")
    assert service.heard == []
    await asyncio.to_thread(cast.parley.restart)
    await asyncio.to_thread(service.until, 1)
    assert words(service, phone) == ["before the end, @bob"]


async def test_a_test_and_the_removal_of_a_device(fresh: Callable[..., Cast], service: Receiver) -> None:
    cast = fresh(PUSH_ALLOW_PRIVATE="on")
    room, phone, other = cast.room(), Phone(cast, service), Phone(cast, service, "/other")
    phone.ask("POST", f"{phone.id}/test/")
    await asyncio.to_thread(service.until, 1)
    assert phone.browser.read(service.heard[0][1])["url"] == "/profile/notifications/"
    phone.ask("DELETE", f"{phone.id}/")
    assert phone.known == [other.id]
    alice = await cast.client("alice").start()
    await alice.post(room, "to the other one, @bob")
    await asyncio.to_thread(service.until, 2)
    assert other.browser.read(service.heard[1][1])["text"] == "to the other one, @bob"
