"""Signing in and out."""

from __future__ import annotations

import argparse
import getpass
import sys

from parley_client.cli.config import Login, LoginFile, address
from parley_client.cli.problem import USAGE, Problem
from parley_client.cli.session import session_of
from parley_client.errors import SignedOut
from parley_client.tokens import Fixed, Signed, Tokens


async def login(options: argparse.Namespace) -> None:
    url = address(options.url)
    tokens: Tokens
    if options.token:
        token = sys.stdin.readline().strip() if not sys.stdin.isatty() else getpass.getpass("Token: ").strip()
        tokens = Fixed(token)
    else:
        token = None
        username, password = _who(options.username)
        tokens = Signed(username=username, password=password)
    try:
        async with session_of(url, tokens) as rest:
            user = await rest.me()
    except SignedOut as error:
        raise Problem(str(error)) from None
    file = LoginFile()
    async with file.lock.held():  # a command that is just renewing the login of before would write over this one
        file.write(Login(url, token, tokens.pair if isinstance(tokens, Signed) else None))
    print(f"Signed in to {url} as {user.username}.")


def _who(username: str | None) -> tuple[str, str]:
    """Asked at the terminal; without one the password is the first line of standard input."""
    if sys.stdin.isatty():
        return username or input("Username: "), getpass.getpass("Password: ")
    if not username:
        raise Problem("without a terminal the username is given by --username", USAGE)
    return username, sys.stdin.readline().rstrip("\n")


async def logout(options: argparse.Namespace) -> None:
    file = LoginFile()
    async with file.lock.held():
        kept = file.read()
        if kept is None:
            raise Problem("nobody is signed in")
        if kept.pair is not None:
            async with session_of(kept.url, Fixed("")) as rest:
                await rest.doors.revoke(kept.pair.refresh)
        file.remove()
    if kept.token is not None:
        print("Forgotten here. The token itself lives on, until it is revoked in Parley.")
