"""What a close code asks of the client: the protocol's table "Heartbeat, closing"."""

from __future__ import annotations

from enum import Enum

ABNORMAL = 1006
"""Never sent: the connection ended without a close frame (RFC 6455, section 7.1.5)."""


class Verdict(Enum):
    RETRY = "retry"
    REFRESH = "refresh"
    REVOKED = "revoked"
    BROKEN = "broken"


_VERDICTS = {
    4400: Verdict.BROKEN,
    1002: Verdict.BROKEN,
    1003: Verdict.BROKEN,
    1007: Verdict.BROKEN,
    1008: Verdict.BROKEN,
    1009: Verdict.BROKEN,
    4401: Verdict.REFRESH,
    4403: Verdict.REVOKED,
}


def verdict_on(code: int) -> Verdict:
    """Every code without a rule of its own is worth another try."""
    return _VERDICTS.get(code, Verdict.RETRY)
