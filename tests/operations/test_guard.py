"""Where neither webhooks nor previews go, whatever name it has."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import httpcore
import pytest

from chat.operations.guard import Guarded, Inside, addresses_of, is_outside

# fmt: off
INSIDE = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1",
    "ff02::1", "fec0::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::", "2001:0:a00:1::",
]
# fmt: on
OUTSIDE = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_an_inner_network(address: str) -> None:
    assert not is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet(address: str) -> None:
    assert is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "localhost.", "127.1", "2130706433", "0x7f000001", "0", "[::1]"[1:-1]])
async def test_a_name_of_this_machine(host: str) -> None:
    with pytest.raises(OSError):
        await addresses_of(host, 443, allow_inside=False)


def resolver(*answers: list[str]) -> Any:
    """Answers with each in turn, and with the last from there on."""
    given = list(answers)

    async def getaddrinfo(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        found = given.pop(0) if len(given) > 1 else given[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return getaddrinfo


async def test_a_name_that_stands_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolver(["1.1.1.1", "10.0.0.1"]))
    with pytest.raises(Inside):
        await addresses_of("both.example", 443, allow_inside=False)


async def test_a_name_that_changes_between_the_look_and_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the connection goes to the address that was looked at."""
    monkeypatch.setattr(type(asyncio.get_running_loop()), "getaddrinfo", resolver(["1.1.1.1"], ["127.0.0.1"]))
    tried = []

    async def connect(address: str, *_: Any) -> None:
        tried.append(address)
        raise httpcore.ConnectError("far away")

    guarded = Guarded(allow_inside=False)
    monkeypatch.setattr(guarded._plain, "connect_tcp", connect)
    with pytest.raises(httpcore.ConnectError, match="far away"):
        await guarded.connect_tcp("rebinding.example", 443, 5.0)
    with pytest.raises(httpcore.ConnectError, match="inner network"):
        await guarded.connect_tcp("rebinding.example", 443, 5.0)
    assert tried == ["1.1.1.1"]
