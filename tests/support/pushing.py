"""A browser as a push service sees it: the keys of one subscription, and what was sent to it (RFC 8291)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

import http_ece
import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chat.operations.pushing.keys import encoded
from tests.support.cast import Cast


@dataclass
class Browser:
    endpoint: str
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def subscription(self, application_key: str) -> dict[str, Any]:
        """The body by which it is made known."""
        form: Any = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        point = encoded(self.key.public_key().public_bytes(*form))
        keys = {"p256dh": point, "auth": encoded(self.secret)}
        return {"endpoint": self.endpoint, "keys": keys, "application_key": application_key}

    def read(self, body: bytes) -> dict[str, Any]:
        """What it says, which only this browser can tell."""
        found: dict[str, Any] = json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))
        return found


def application_key(cast: Cast, name: str = "bob") -> str:
    headers = {"Authorization": f"Bearer {cast.tokens[name]}"}
    key: str = (
        httpx.get(f"{cast.parley.url}/api/v1/push/key/", headers=headers).raise_for_status().json()["application_key"]
    )
    return key
