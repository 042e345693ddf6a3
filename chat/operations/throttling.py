"""How often somebody may ask. Counted in the cache, so that all processes count together."""

import ipaddress
import time
from dataclasses import dataclass
from typing import Final

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from chat.protocol.errors import RateLimited

logger = structlog.stdlib.get_logger(__name__)

MINUTE_SECONDS: Final = 60


@dataclass(frozen=True)
class Rate:
    """At most `limit` requests in each minute of the clock."""

    name: str
    limit: int

    def count(self, who: object) -> None:
        """Counts one request, or raises RateLimited with the seconds until the next minute.

        Without the cache nothing is counted: a throttle that is away keeps nobody out.
        """
        if not settings.API_THROTTLE:
            return
        minute, second = divmod(time.time(), MINUTE_SECONDS)
        key = f"throttle:{self.name}:{who}:{minute:.0f}"
        try:
            cache.add(key, 0, timeout=2 * MINUTE_SECONDS)
            number = cache.incr(key)
        except ValueError:  # dropped between the two
            return
        except Exception as error:
            logger.warning("not throttled, the cache is away", error=repr(error))
            return
        if number > self.limit:
            raise RateLimited(f"{self.limit} requests in a minute", retry_after=MINUTE_SECONDS - second)


PER_USER: Final = Rate("user", 1_200)
PER_ADDRESS: Final = Rate("address", 60)
"""Of requests without valid credentials."""
SIGN_INS: Final = Rate("sign-in", 20)
"""From one address."""


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address, or the /64 network that one customer has of IPv6.

    The server has put there what a trusted proxy says; X-Forwarded-For of others is never read.
    """
    return network_of(request.META.get("REMOTE_ADDR", ""))


def network_of(text: str) -> str:
    """An address as `address_of` gives it; `unknown` for what is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return address.ipv4_mapped.exploded if address.ipv4_mapped else str(ipaddress.ip_network((address, 64), False))
    return str(address)
