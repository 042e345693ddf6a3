"""What can be typed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from parley_client.cli import export, login, rooms, send, tail

EPILOG = """PARLEY_URL and PARLEY_TOKEN, where both are set, take the place of a login.
Exit codes: 0 done, 1 refused, 2 wrong usage, 3 unreachable."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """`command` of the result is the coroutine function that does it. Exits with 2 for what it does not know."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="parley",
        description="Talk to a Parley.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    add = commands.add_parser("login", help="sign in, and stay so")
    add.add_argument("url", metavar="URL", help="https://chat.example.org")
    add.add_argument("--username", metavar="NAME", help="asked for where it is not given")
    add.add_argument("--token", action="store_true", help="read a personal access token from standard input")
    add.set_defaults(command=login.login)

    add = commands.add_parser("logout", help="end the login, here and on the server")
    add.set_defaults(command=login.logout)

    add = commands.add_parser("rooms", help="list your rooms")
    add.add_argument("--all", action="store_true", help="also open rooms that you are not in")
    add.set_defaults(command=rooms.rooms)

    add = commands.add_parser("join", help="enter an open room")
    add.add_argument("room", metavar="ROOM", help="its slug, name or id")
    add.set_defaults(command=rooms.join)

    add = commands.add_parser("leave", help="leave a room")
    add.add_argument("room", metavar="ROOM", help="its slug, name or id")
    add.set_defaults(command=rooms.leave)

    add = commands.add_parser("tail", help="what was said in a room, and what is being said, until Ctrl-C")
    add.add_argument("room", metavar="ROOM", help="its slug, name or id")
    add.add_argument("--since", type=number, metavar="SEQ", help="begin after this number, instead of 20 messages ago")
    add.add_argument("--json", action="store_true", help="an object a line")
    add.set_defaults(command=tail.tail)

    add = commands.add_parser("send", help="say something; returns when it is stored")
    add.add_argument("room", metavar="ROOM", help="its slug, name or id")
    add.add_argument("text", nargs="+", metavar="TEXT", help="words, or - for standard input")
    add.set_defaults(command=send.send)

    add = commands.add_parser("export", help="the whole history of a room, to standard output")
    add.add_argument("room", metavar="ROOM", help="its slug, name or id")
    add.add_argument("--format", choices=("jsonl", "md"), default="jsonl")
    add.set_defaults(command=export.export)
    return top


def number(text: str) -> int:
    found = int(text)
    if found < 0:
        raise ValueError
    return found
