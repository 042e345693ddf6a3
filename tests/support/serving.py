"""An ASGI application of a test's own on the production server, in a thread of this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from project import server


@contextlib.contextmanager
def serving(application: Any, **changes: Any) -> Iterator[int]:
    """The port. `changes` go to uvicorn's configuration, e.g. `ws_ping_interval=0.1`."""
    config = server.configuration(workers=1, trusted_proxies=[])
    config.app = application
    config.lifespan = "off"
    config.timeout_graceful_shutdown = 1
    for name, value in changes.items():
        setattr(config, name, value)
    listener = server.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    running = server.Server(config)
    thread = threading.Thread(target=running.run, args=([listener],))
    thread.start()
    try:
        yield port
    finally:
        running.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()
