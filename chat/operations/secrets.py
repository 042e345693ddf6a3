"""Words that open a door by themselves: made at random, shown once, kept as a digest."""

import secrets
from hashlib import sha256
from typing import Final

SECRET_BYTES: Final = 24


def new_secret() -> str:
    """32 characters that may stand in a URL. Nobody guesses 192 bits, so a plain digest keeps them safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal: what is stored, and looked for."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
