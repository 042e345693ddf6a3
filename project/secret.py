"""The secret keys, whose first signs sessions and tokens; made on first start."""

import contextlib
import os
import secrets
from pathlib import Path

from project.env import refuse, text

LEAST_CHARACTERS = 32


def secret_keys(data: Path) -> list[str]:
    """SECRET_KEY and SECRET_KEY_FALLBACKS from the environment, else the lines kept in `data/secret-key`.

    The first one signs. What the others have signed stays good.
    """
    held = text("SECRET_KEY")
    if not held:
        return kept_keys(data / "secret-key")
    fallbacks = text("SECRET_KEY_FALLBACKS").split()
    for name, keys in (("SECRET_KEY", [held]), ("SECRET_KEY_FALLBACKS", fallbacks)):
        for key in keys:
            if len(key) < LEAST_CHARACTERS:
                refuse(name, f"({len(key)} characters)", f"{LEAST_CHARACTERS} characters or more")
    return [held, *fallbacks]


def kept_keys(path: Path) -> list[str]:
    """Reads the keys, or makes one. Processes that start together all end up with the same key."""
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # Linking is what decides the race: it fails when another process was first, and the name
        # never stands for a half-written file, as it would after O_EXCL on `path` itself.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> list[str]:
    keys = path.read_text(encoding="ascii").split()
    if not keys or any(len(key) < LEAST_CHARACTERS for key in keys):
        raise SystemExit(
            f"{path} holds no usable secret key: delete it to have a new one made (everybody signs in again)"
        )
    return keys
