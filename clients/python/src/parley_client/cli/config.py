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
    """The `Keeper` of the pair for `url`, too: all commands that run at a time share it."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
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
        """None when somebody has signed out meanwhile, or in elsewhere: tokens are for their own server alone."""
        login = self.read()
        return None if login is None or login.url != self._url else login.pair

    def save(self, pair: Pair) -> None:
        assert self._url is not None
        self.write(Login(self._url, pair=pair))


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
    login = LoginFile().read()
    if login is None:
        raise Problem("nobody is signed in: `parley login URL`")
    if login.token is not None:
        return login.url, Fixed(login.token)
    return login.url, Signed(login.pair, keeper=LoginFile(login.url))


def address(url: str) -> str:
    try:
        return clean(url)
    except ValueError as error:
        raise Problem(str(error), USAGE) from None
