"""The key pair by which push services know this Parley (VAPID, RFC 8292).

It follows from the secret key, which is made on first start, is the same on all nodes and comes back with a backup:
nothing more has to be kept. When the secret key is changed, browsers that subscribed under one of the fallbacks are
told by that one, and subscribe anew when a page is opened there.
"""

import base64
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_INFO: Final = b"parley web push vapid p-256"
_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_key() -> str:
    """What browsers subscribe for: an uncompressed point in base64url without padding."""
    return _public(settings.SECRET_KEY)


def private_key_of(application_key: str) -> ec.EllipticCurvePrivateKey | None:
    """The private key whose public half this is; None when it is none of ours, or no more."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if _public(secret) == application_key:
            return _private(secret)
    return None


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def is_point(data: bytes) -> bool:
    """Whether it is a public key of P-256, as browsers give theirs."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data)
    except ValueError:
        return False
    return len(data) == 65


@cache
def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    # 16 bytes more than the order has: what is left over favours no key that anybody could tell (FIPS 186-5, A.2.1).
    stretched = HKDF(hashes.SHA256(), length=48, salt=None, info=_INFO).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(stretched) % (_ORDER - 1) + 1, _CURVE)


@cache
def _public(secret: str) -> str:
    form: Any = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return encoded(_private(secret).public_key().public_bytes(*form))
