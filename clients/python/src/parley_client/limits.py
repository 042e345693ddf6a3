"""Every bound and pace of the client in one place, with its unit in its name."""

PROTOCOL = "parley.v1"
BODY_CHARACTERS = 16_000
FRAME_BYTES = 16 * 1024 * 1024
"""The largest frame that is taken from a server: `ready` grows with the rooms."""
INBOX_ITEMS = 1_000
"""Events that wait for the application; beyond that the socket is not read."""

OPEN_SECONDS = 10.0
HELLO_SECONDS = 10.0
READY_SECONDS = 30.0
"""Between two frames while the server replays what was missed."""
CLOSE_SECONDS = 2.0
ANSWER_SECONDS = 10.0
"""A command without an answer by then is sent again."""

IDLE_SECONDS = 15.0
"""After so much silence the server is asked whether it is there."""
PONG_SECONDS = 8.0

BACKOFF_SECONDS = 0.5
BACKOFF_CEILING_SECONDS = 30.0
STABLE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 1.0
"""Before a refused message is tried again, where the server names no time. Doubles up to BACKOFF_CEILING_SECONDS."""

RENEW_SECONDS = 8 * 60.0
"""The age at which an access token is changed for the next. It is good for ten minutes."""
YOUNG_SECONDS = 60.0
"""A token that is refused at this age is not refused for its age."""

HTTP_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
"""How long an HTTP request is tried again."""
