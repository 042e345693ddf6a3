"""WebSocket close codes that the server sends on purpose (RFC 6455, section 7.4; 4000-4999 are ours)."""

from enum import IntEnum
from typing import Final

ABNORMAL: Final = 1006
"""Never sent: the connection ended without a close frame (section 7.1.5)."""


class CloseCode(IntEnum):
    GOING_AWAY = 1001
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    BAD_FRAME = 4400
    CREDENTIALS_EXPIRED = 4401
    ACCESS_REVOKED = 4403
    NO_RESUME = 4408
    TOO_SLOW = 4413
    FLOODING = 4429
