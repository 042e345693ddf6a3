"""Where the login is kept: `parley/login.json` in the folder for settings, mode 0600."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from parley_client.cli.problem import USAGE, Problem
from parley_client.locks import FileLock
from parley_client.store import write_whole
from parley_client.tokens import Fixed, Pair, Signed, Tokens
from parley_client.web import clean


@dataclass(frozen=True)
class Login:
    """Either a `token` that stays, or a `pair` that is changed for the next in time."""

    url: str
    token: str | None = field(default=None, repr=False)
    pair: Pair | None = None


class LoginFile:
    """The `Keeper` of the pair, too: all commands that run at a time share it."""

    def __init__(self) -> None:
        self.path = folder() / "login.json"
        self.lock = FileLock(folder() / "login.lock")

    def read(self) -> Login | None:
        try:
            data = json.loads(self.path.read_text())
            pair = data["pair"]
            return Login(data["url"], data["token"], None if pair is None else Pair(**pair))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise Problem(f"{self.path} cannot be read: sign in again with `parley login`") from None

    def write(self, login: Login) -> None:
        write_whole(self.path, json.dumps(asdict(login)))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def load(self) -> Pair | None:
        login = self.read()
        return None if login is None else login.pair

    def save(self, pair: Pair) -> None:
        login = self.read()
        if login is not None:
            self.write(Login(login.url, pair=pair))


def folder() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME") or ""
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".config") / "parley"


def entrance() -> tuple[str, Tokens]:
    """Where to, and with what: from the environment, else from the login. Raises Problem."""
    url, token = os.environ.get("PARLEY_URL"), os.environ.get("PARLEY_TOKEN")
    if token:
        if not url:
            raise Problem("PARLEY_TOKEN is set, PARLEY_URL is not", USAGE)
        return address(url), Fixed(token)
    file = LoginFile()
    login = file.read()
    if login is None:
        raise Problem("nobody is signed in: `parley login URL`")
    if login.token is not None:
        return login.url, Fixed(login.token)
    return login.url, Signed(login.pair, keeper=file)


def address(url: str) -> str:
    try:
        return clean(url)
    except ValueError as error:
        raise Problem(str(error), USAGE) from None
