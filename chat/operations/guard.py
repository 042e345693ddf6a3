"""Connections to the outside only: whoever names a URL must not reach what stands beside this server (SSRF).

The name is resolved here, every address is looked at, and the connection goes to the very address that was: a name that
stands for another one a moment later (DNS rebinding) changes nothing. TLS still checks the name.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Final

import httpcore

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
    ValueError,
)
"""What a request by httpcore raises for what the other end, or the way to it, does."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL: Final = ipaddress.IPv6Network("64:ff9b:1::/48")


class Inside(OSError):
    """The name stands for an address that is not of the public internet."""


def is_outside(address: Address) -> bool:
    """Whether it is of the public internet, and so are the addresses that it may stand for."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return True
    if address in _NAT64_LOCAL or address.is_site_local:
        return False
    return all(is_outside(inner) for inner in _within(address))


def _within(address: ipaddress.IPv6Address) -> Iterable[ipaddress.IPv4Address]:
    """IPv4 addresses that an IPv6 one leads to: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


async def addresses_of(host: str, port: int, allow_inside: bool) -> list[str]:
    """What `host` stands for. Raises Inside when one of them is not outside, OSError when there is none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_inside and not is_outside(ipaddress.ip_address(address.partition("%")[0])):
            raise Inside("this name stands for an address of the inner network")
    return addresses


class Guarded(httpcore.AsyncNetworkBackend):
    """The way out of an httpcore pool."""

    def __init__(self, allow_inside: bool) -> None:
        self._allow_inside = allow_inside
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library has it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await asyncio.wait_for(addresses_of(host, port, self._allow_inside), timeout)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses[:-1]:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)
