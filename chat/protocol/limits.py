"""Every bound that a client can meet, in one place, with its unit in its name."""

from typing import Final

PROTOCOL: Final = "parley.v1"
FRAME_BYTES: Final = 256 * 1024
BODY_CHARACTERS: Final = 16_000
NAME_CHARACTERS: Final = 80
ATTACHMENTS: Final = 10
"""Files of one message."""
REACTIONS: Final = 40
"""Different emoji under one message."""
TOPIC_CHARACTERS: Final = 500
HEARTBEAT_SECONDS: Final = 20
RESUME_SECONDS: Final = 10
SLOW_BYTES: Final = 1024 * 1024
TYPING_SECONDS: Final = 3
TYPING_TTL_SECONDS: Final = 6
POLL_SECONDS: Final = 25
"""How long a poll waits at most for something to come."""
RATE_SECONDS: Final = 10
"""Length of the window in which posts and commands are counted."""
RESTART_SPREAD_MS: Final = (0, 8_000)
FLOOD_SPREAD_MS: Final = (2_000, 10_000)
