"""Addresses that may be fetched at all, before any name is looked up."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import httpcore
from django.conf import settings
from django.http.request import validate_host

PORTS: Final = {"http": 80, "https": 443}
_AS_IT_IS: Final = "%/:?&=+,;@!$'()*~[]|"
LONGEST: Final = 4_000
"""Characters of an address; a redirect may name one that no message has room for."""
_UNWRITABLE: Final = re.compile(r"[\x00-\x20\x7f]")


class NotFetched(Exception):
    """There is nothing to be shown of this address: what it is, or what came of it, is not what a preview takes."""


@dataclass(frozen=True)
class Target:
    """One step of a fetch. `host` is in ASCII, `path` with the query, quoted."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> httpcore.URL:
        return httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.path)

    def joined(self, location: str) -> "Target":
        """Where a redirect from here, or an address in the page, leads. Raises NotFetched."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        try:
            return target(urljoin(f"{self.scheme}://{host}:{self.port}{self.path}", location.strip()))
        except ValueError:
            raise NotFetched("an address that is none") from None


def target(url: str, *, any_port: bool | None = None) -> Target:
    """http and https at their own ports, without a name and a password, not of this place itself.

    With `any_port` (by default where PREVIEWS_ALLOW_PRIVATE is on) every port is one. Raises NotFetched.
    """
    if len(url) > LONGEST:
        raise NotFetched("too long an address")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port
    except ValueError:  # UnicodeError among them
        raise NotFetched("an address that is none") from None
    if parts.scheme not in PORTS or not host or _UNWRITABLE.search(host):
        raise NotFetched("not of the web")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("an address with a name in it, which may deceive")
    standard = PORTS[parts.scheme]
    any_port = settings.PREVIEWS_ALLOW_PRIVATE if any_port is None else any_port
    if port not in (None, standard) and not any_port:
        raise NotFetched(f"not at the port of {parts.scheme}")
    if _is_ours(parts.scheme, host, port):
        raise NotFetched("of this place itself, which shows nothing to strangers")
    path = quote(parts.path or "/", safe=_AS_IT_IS)
    query = f"?{quote(parts.query, safe=_AS_IT_IS)}" if parts.query else ""
    return Target(parts.scheme, host, port or standard, path + query)


def _is_ours(scheme: str, host: str, port: int | None) -> bool:
    """The names of this Parley stand for it at the usual ports; elsewhere on the same machine may be anything."""
    if port in (None, PORTS[scheme]):
        names = [name for name in settings.ALLOWED_HOSTS if name != "*"]
        return validate_host(f"[{host}]" if ":" in host else host, names)
    return f"{scheme}://{host}:{port}" in settings.TRUSTED_ORIGINS
