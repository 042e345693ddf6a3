"""Reads the environment. A value that cannot be used stops the start with one line:
the variable, what it held, what it takes."""

import ipaddress
import os
import re
import resource
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T", bound=str)

ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?", re.IGNORECASE)
HOST_NAME = re.compile(r"\*|\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
PASSWORD_IN_URL = re.compile(r"(?<=:)[^:@/]*(?=@)")


def refuse(name: str, held: str, takes: str) -> NoReturn:
    """Stops the start with exit code 1 and one line on stderr."""
    shown = held if len(held) <= 200 else held[:200] + "…"
    raise SystemExit(f"{name} is {shown!r}, but takes {takes}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def integer(name: str, default: int, *, least: int, most: int) -> int:
    held = text(name, str(default))
    if held.isascii() and held.isdigit() and least <= int(held[:20]) <= most:
        return int(held)
    refuse(name, held, f"a whole number from {least} to {most}")


def open_files() -> int:
    """How many files and sockets a process may have open at most (`ulimit -Hn`)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1_000_000 if hard == resource.RLIM_INFINITY else hard


def passed_socket() -> int | None:
    """The file descriptor of the listening socket that systemd holds for this process (sd_listen_fds(3)), if it does.

    To be asked before Twisted is imported, which takes the variables away.
    """
    first = 3  # after standard error
    mine = os.environ.get("LISTEN_PID") == str(os.getpid())
    return first if mine and os.environ.get("LISTEN_FDS") == "1" else None


def flag(name: str, default: bool) -> bool:
    held = text(name, "on" if default else "off")
    match held.lower():
        case "on" | "true" | "yes" | "1":
            return True
        case "off" | "false" | "no" | "0":
            return False
    refuse(name, held, "on or off")


def choice(name: str, takes: tuple[T, ...], default: T) -> T:
    held = text(name, default).lower()
    for word in takes:
        if held == word:
            return word
    refuse(name, held, " or ".join(takes))


def words(name: str) -> list[str]:
    """Parts between commas or spaces."""
    return text(name).replace(",", " ").split()


def folder(name: str, default: Path) -> Path:
    """An absolute path, made when missing: readable by its owner only."""
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        refuse(name, str(path), f"a folder that can be written ({error.strerror})")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        refuse(name, str(path), "a folder that can be read and written")
    return path


def hosts(name: str, default: list[str]) -> list[str]:
    """Names for the Host header: `chat.example.org`, `.example.org` for all below it, `*` for any."""
    held = words(name) or default
    for host in held:
        if not HOST_NAME.fullmatch(host):
            refuse(name, host, "host names without scheme and port, such as chat.example.org")
    return held


def origins(name: str) -> list[str]:
    """Full origins, lower-case: scheme, host, and port unless it is the scheme's own."""
    for origin in words(name):
        if not ORIGIN.fullmatch(origin):
            refuse(name, origin, "full origins such as https://chat.example.org")
    return [origin.lower() for origin in words(name)]


def networks(name: str) -> list[str]:
    """IP addresses and networks."""
    for network in words(name):
        try:
            ipaddress.ip_network(network)
        except ValueError:
            refuse(name, network, "IP addresses or networks such as 127.0.0.1 or 10.0.0.0/8")
    return words(name)


def url(name: str, schemes: tuple[str, ...], example: str) -> str:
    """A URL of one of `schemes`, or "" when unset. Its password is never shown."""
    held = text(name)
    return _checked(name, held, schemes, example) if held else ""


def urls(name: str, schemes: tuple[str, ...], example: str) -> list[str]:
    """URLs with spaces between."""
    return [_checked(name, held, schemes, example) for held in text(name).split()]


def without_password(url: str) -> str:
    return PASSWORD_IN_URL.sub("***", url)


def _checked(name: str, held: str, schemes: tuple[str, ...], example: str) -> str:
    shown = without_password(held)
    try:
        parts = urlsplit(held)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        refuse(name, shown, f"a URL such as {example}")
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        refuse(name, shown, f"a URL such as {example}")
    return held
