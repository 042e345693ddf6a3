"""How much one HTTP request may bring, and how long its head may take. Django's ASGI handler takes in any body, to the
end, before it looks."""

from typing import Any

from django.conf import settings

BODY_BYTES = 8 * 1024 * 1024
UPLOADS = "/api/v1/uploads/"
FORM_BYTES = 16 * 1024
HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 5.0


class BodyLimit:
    """Answers 413 to a longer body: at once when its length is announced, else where it passes the limit."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        most = body_bytes(scope["path"])
        if announced(scope) > most:
            await refuse(send, most)
            return
        taken = 0

        async def receive_limited() -> dict[str, Any]:
            nonlocal taken
            message: dict[str, Any] = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                await refuse(send, most)
                return {"type": "http.disconnect"}
            return message

        await self.application(scope, receive_limited, send)


def announced(scope: dict[str, Any]) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


def body_bytes(path: str) -> int:
    """A file comes with what its form has around it."""
    return max(BODY_BYTES, settings.UPLOAD_BYTES + FORM_BYTES) if path == UPLOADS else BODY_BYTES


async def refuse(send: Any, most: int) -> None:
    body = b'{"code":"too_large","detail":"A request takes %d bytes at most."}' % most
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
