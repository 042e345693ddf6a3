"""Connections to the Redis that Sentinels name. Apart from `project.redis`, for all of redis-py comes with it."""

from __future__ import annotations

from typing import Any

from redis import Sentinel
from redis.sentinel import SentinelConnectionPool

from project.redis import SENTINEL_SECONDS, Watched


class WatchedPool(SentinelConnectionPool):
    """For Django's cache, which makes its pools from URLs."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> WatchedPool:
        watched = Watched.read(url)
        sentinel = Sentinel(list(watched.sentinels), sentinel_kwargs={"socket_timeout": SENTINEL_SECONDS})
        return cls(watched.service, sentinel, **options, **watched.options())
