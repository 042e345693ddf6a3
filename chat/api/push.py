"""Browsers that are told of notifications by Web Push (RFC 8030)."""

import uuid

import msgspec
from django.http import HttpResponse
from msgspec import UNSET, UnsetType
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import View, nothing
from chat.api.body import Body
from chat.api.describing import describe, list_of
from chat.api.fields import DeviceName, PushEndpoint, PushKey, PushSecret
from chat.models import PushDevice
from chat.operations.pushing import devices, keys
from chat.protocol.scopes import Scope
from chat.protocol.values import format_time
from chat.streams import writer


class PushKeys(Body):
    p256dh: PushKey
    auth: PushSecret


class SubscribeBody(Body):
    """What a browser's `PushSubscription` is as JSON, and `application_key`, the one that it was made for."""

    endpoint: PushEndpoint
    keys: PushKeys
    application_key: PushKey
    name: DeviceName = ""
    hides_words: bool | UnsetType = UNSET


class DeviceBody(Body):
    hides_words: bool


class PushKeyData(msgspec.Struct, frozen=True):
    """The key for `pushManager.subscribe`: base64url, a point of P-256."""

    application_key: str


class DeviceData(msgspec.Struct, frozen=True):
    """`current`: it stands on the login that asks. `pushed_at`: when its push service last took something."""

    id: str
    name: str
    hides_words: bool
    created_at: str
    pushed_at: str | None
    current: bool


class Key(View):
    @describe("get_push_key", gives=PushKeyData)
    def get(self, request: Request) -> Response:
        return Response(PushKeyData(keys.public_key()))


class Devices(View):
    """One's own, the newest first. A device ends with the login that it was made by."""

    writes = Scope.MANAGE

    @describe("list_devices", gives=list_of(DeviceData))
    def get(self, request: Request) -> Response:
        return Response(
            {"results": [device_data(each, self.identity.login_id) for each in devices.devices_of(self.me)]}
        )

    @describe("subscribe", body=SubscribeBody, gives=DeviceData, status=(200, 201), refusals=(409,))
    def post(self, request: Request) -> Response:
        """201, or 200 for an endpoint that was known, whose keys are these from now on."""
        body = self.body(SubscribeBody)
        device, new = writer.perform(
            devices.subscribe,
            actor=self.me,
            login_id=self.identity.login_id,
            endpoint=body.endpoint,
            key=body.keys.p256dh,
            secret=body.keys.auth,
            application_key=body.application_key,
            name=body.name,
            hides_words=None if body.hides_words is UNSET else body.hides_words,
        )
        return Response(device_data(device, self.identity.login_id), status=201 if new else 200)


class OneDevice(View):
    writes = Scope.MANAGE

    @describe("update_device", body=DeviceBody, gives=DeviceData)
    def patch(self, request: Request, device_id: uuid.UUID) -> Response:
        """With `hides_words` what was said stands only in Parley itself."""
        hides = self.body(DeviceBody).hides_words
        device = writer.perform(devices.change, actor=self.me, device_id=device_id, hides_words=hides)
        return Response(device_data(device, self.identity.login_id))

    @describe("remove_device", status=204)
    def delete(self, request: Request, device_id: uuid.UUID) -> HttpResponse:
        writer.perform(devices.remove, actor=self.me, device_id=device_id)
        return nothing()


class TestDevice(View):
    writes = Scope.MANAGE

    @describe("test_device", status=204)
    def post(self, request: Request, device_id: uuid.UUID) -> HttpResponse:
        """Pushes a word of ours to it."""
        writer.perform(devices.test, actor=self.me, device_id=device_id)
        return nothing()


def device_data(row: PushDevice, login_id: uuid.UUID) -> DeviceData:
    return DeviceData(
        id=str(row.pk),
        name=row.name,
        hides_words=row.hides_words,
        created_at=format_time(row.created_at),
        pushed_at=None if row.pushed_at is None else format_time(row.pushed_at),
        current=row.login_id == login_id,
    )
