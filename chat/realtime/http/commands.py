"""Commands over HTTP: what a client would send into its socket."""

from typing import Final

import msgspec

from chat.protocol.errors import BadRequest
from chat.realtime.http.door import Door, person
from chat.realtime.http.errand import Errand
from chat.realtime.http.request import Request
from chat.streams import running

AT_ONCE: Final = 100

_one_or_many: Final = msgspec.json.Decoder(list[msgspec.Raw])


class Commands(Door):
    async def answer(self, request: Request) -> None:
        """One command, or a list of them that are begun in its order; answers with a list in that order, too."""
        identity = await person(request)
        texts = _commands_in(await request.body())
        hub = await running.hub()
        errands = []
        for text in texts:
            errand = Errand(identity, hub)
            errands.append(errand)
            await errand.run(bytes(text))
        answers = [await errand.answer for errand in errands]
        await request.answer(200, b"[%b]" % ",".join(answers).encode())


def _commands_in(raw: bytes) -> list[bytes]:
    """Raises BadRequest."""
    if not raw.lstrip().startswith(b"["):
        return [raw]
    try:
        found = [bytes(each) for each in _one_or_many.decode(raw)]
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadRequest("the body is not JSON: send one command, or a list of them") from None
    if len(found) > AT_ONCE:
        raise BadRequest(f"{AT_ONCE} commands at a time are the most")
    return found
