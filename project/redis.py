"""Where Redis is: one server, several that share the channel layer (shards), each plain or found by Sentinel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from project.env import refuse, without_password

EXAMPLES = "redis://host:6379/0, or sentinel://host:26379,other:26379/service/0; several with spaces between"
SENTINEL_PORT = 26379
SENTINEL_SECONDS = 1.0
"""How long a Sentinel may take to answer before the next one is asked."""


@dataclass(frozen=True)
class Watched:
    """`sentinel://:password@host:26379,other:26379/service/0`: the master that these Sentinels name `service` now."""

    sentinels: tuple[tuple[str, int], ...]
    service: str
    db: int
    password: str | None

    @classmethod
    def read(cls, url: str) -> Watched:
        """Raises ValueError."""
        parts = urlsplit(url)
        credentials, _, hosts = parts.netloc.rpartition("@")
        service, _, db = parts.path.strip("/").partition("/")
        if not service or not hosts:
            raise ValueError("no service, or no host")
        return cls(
            sentinels=tuple(_address(host) for host in hosts.split(",")),
            service=service,
            db=int(db or 0),
            password=unquote(credentials.partition(":")[2]) or None,
        )

    def options(self) -> dict[str, Any]:
        return {"db": self.db} | ({"password": self.password} if self.password else {})


def _address(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    if not name:
        raise ValueError("a host without a name")
    return name, int(port or SENTINEL_PORT)


def channel_layer_host(url: str) -> dict[str, Any]:
    """One of channels-redis' `hosts`. Stops the start with one line when the URL cannot be one."""
    # redis-py gives up a read after 5 s by default, and a quiet subscription with it.
    if urlsplit(url).scheme != "sentinel":
        return {"address": url, "socket_timeout": None}
    try:
        watched = Watched.read(url)
    except ValueError as error:
        refuse("REDIS_URL", without_password(url), f"{EXAMPLES} ({error})")
    return {
        "sentinels": list(watched.sentinels),
        "master_name": watched.service,
        "sentinel_kwargs": {"socket_timeout": SENTINEL_SECONDS},
        "socket_timeout": None,
        **watched.options(),
    }


def cache(url: str) -> dict[str, Any]:
    """The value of CACHES["default"]: counts of requests, which all nodes share."""
    found: dict[str, Any] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if urlsplit(url).scheme == "sentinel":
        found["OPTIONS"] = {"pool_class": "project.watched_pool.WatchedPool"}
    return found
