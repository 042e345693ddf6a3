"""Signed tokens (RFC 7519): what they say, and the keys that sign them."""

import hmac
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import jwt
from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

LOGIN_CLAIM: Final = "login"
USER_CLAIM: Final = api_settings.USER_ID_CLAIM
GENERATION_CLAIM: Final = "generation"
"""Of a refresh token: how many its login has had before it."""


def signing_keys() -> Mapping[str, bytes]:
    """Key id → key, newest first: one of each secret key, so that a token outlives its key as long as that is kept."""
    return _derived((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache
def _derived(secrets: tuple[str, ...]) -> Mapping[str, bytes]:
    """Keys of their own: who has one of them has no secret key, which signs other things, too."""
    keys = [hmac.digest(secret.encode(), b"parley: tokens", "sha256") for secret in secrets]
    return {sha256(key).hexdigest()[:16]: key for key in keys}


class KeyRing(TokenBackend):
    """Signs by the newest key and says which (`kid`, RFC 7515, section 4.1.4); checks by the one that is named."""

    def encode(self, payload: dict[str, Any]) -> str:
        kid, key = next(iter(signing_keys().items()))
        claims = payload | {"aud": self.audience, "iss": self.issuer}
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": kid})

    def get_verifying_key(self, token: Any) -> bytes:
        try:
            return signing_keys()[jwt.get_unverified_header(token)["kid"]]
        except (KeyError, TypeError):
            raise TokenBackendError("Token is invalid") from None


_ring: Final = KeyRing(
    api_settings.ALGORITHM, audience=api_settings.AUDIENCE, issuer=api_settings.ISSUER, leeway=api_settings.LEEWAY
)


class AccessToken(Token):
    """Opens doors, for a short while."""

    token_type = "access"
    lifetime = api_settings.ACCESS_TOKEN_LIFETIME
    token_backend = _ring


class RefreshToken(Token):
    """Is changed for the next pair."""

    token_type = "refresh"
    lifetime = api_settings.REFRESH_TOKEN_LIFETIME
    token_backend = _ring
