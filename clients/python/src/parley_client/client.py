"""A client that stays: connects, resumes, says what it must and hears everything, whatever breaks in between."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from parley_client import limits
from parley_client.connection import Connection
from parley_client.courier import Courier, first
from parley_client.errors import Closed, NotFound, SignedOut, StoreError, TooLarge, Unreachable
from parley_client.inbox import Inbox
from parley_client.items import Event, Item
from parley_client.keeping import Keeping
from parley_client.outbox import Entry, Outbox
from parley_client.positions import Positions, Step
from parley_client.rest import Rest
from parley_client.rooms import Rooms
from parley_client.shapes import Json, Posted, Room, User
from parley_client.store import State, Store
from parley_client.tokens import Fixed, Signed, Tokens
from parley_client.web import clean, http_client


class Client:
    """`async with Client("https://chat.example.org", token="parley_…") as client:`

    Args:
        token: a personal access token, an access token, or a `Tokens`.
        store: keeps cursors and outbox, so that a bot goes on after its own restart.
        patience: seconds for the first connection, then Unreachable; by default it is tried for ever.

    Attributes:
        user: who this is.
        rest: the HTTP API.
    """

    user: User
    rest: Rest

    def __init__(
        self, url: str, *, token: str | Tokens, store: Store | None = None, patience: float | None = None
    ) -> None:
        self.url = clean(url)
        self._tokens: Tokens = Fixed(token) if isinstance(token, str) else token
        self._store = store
        self._patience = patience
        self._entered = False
        self._failure: BaseException | None = None
        self._current: Step | None = None
        self._inbox = Inbox()
        self._rooms = Rooms()

    @classmethod
    def sign_in(
        cls, url: str, username: str, password: str, *, store: Store | None = None, patience: float | None = None
    ) -> Self:
        """A client of a person, who signs in when it is entered. The password is forgotten then."""
        return cls(url, token=Signed(username=username, password=password), store=store, patience=patience)

    # Talking and listening ------------------------------------------------------------------------

    @property
    def rooms(self) -> dict[str, Room]:
        """Your rooms by id, as the server told of them last."""
        return self._rooms.by_id

    def room(self, name: str) -> Room:
        """Your room of this id, slug or name. Raises NotFound."""
        found = self._rooms.find(name)
        if found is None:
            raise NotFound("not_found", f"you are in no room {name!r}", field="room")
        return found

    async def post(self, room: Room | str, body: str, *, reply_to: str | None = None, id: str | None = None) -> Posted:
        """Says something in a room, or the room of this id. Returns when the server has acknowledged it.

        Whatever breaks in between, it is sent again under the same `id` (a UUID), and is there once. Whoever stops
        waiting does not take it back.

        Raises:
            Refused: BadRequest, Forbidden, NotFound, Conflict, TooLarge: it will never be.
            Stopped: there is no use in connecting again.
            Closed: the client was closed first.
        """
        if self._failure is not None:
            raise self._failure
        if not self._entered:
            raise Closed("the client is not open")
        if len(body) > limits.BODY_CHARACTERS:
            raise TooLarge(
                "too_large", f"body has {len(body):,} characters, {limits.BODY_CHARACTERS:,} are the most", field="body"
            )
        room_id = room.id if isinstance(room, Room) else room
        entry = Entry(str(uuid.UUID(id)) if id else str(uuid.uuid4()), room_id, body, reply_to)
        waiting = self._outbox.add(entry)
        self._keeping.touch()
        await first(self._keeping.flush(), waiting)
        self._courier.work(room_id)
        return await asyncio.shield(waiting)

    def events(self) -> AsyncIterator[Item]:
        """Every event of every stream of yours, once and in order, and a Reset where some of them cannot be told.

        An event counts as handled when the next is asked for, or the client is left without an error. Raises Stopped
        or Refused when there is no use in connecting again.
        """
        return _Events(self)

    # Living ---------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        try:
            self._open(await asyncio.to_thread(self._store.load) if self._store is not None else None)
        except BaseException:
            if self._store is not None:
                self._store.close()
            raise
        try:
            await self._begun()
        except BaseException:
            await self._close(Closed("the client could not be opened"))
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._handled()
        await self._close(Closed("the client was closed"))

    def _open(self, state: State | None) -> None:
        if state is not None and state.url != self.url:
            raise StoreError(f"what was kept belongs to {state.url}")
        self._state = state or State(self.url)
        self._http = http_client()
        self.rest = Rest(self.url, self._tokens, self._http)
        self._outbox = Outbox(self._state.outbox)
        self._keeping = Keeping(self._store, self._snapshot)
        self._positions = Positions(self._state.cursors.copy())
        self._connection = Connection(
            self.url,
            self._tokens,
            self.rest.doors,
            self._positions,
            greet=self._greet,
            hear=self._hear,
            stalled=self._inbox.stalled,
        )
        self._courier = Courier(
            self._outbox, self._connection, self.rest, self._inbox.stalled, self._keeping.touch, self._fail
        )
        self._tasks = [asyncio.create_task(self._run(self._connection.run()))]
        self._tasks.append(asyncio.create_task(self._run(self._keeping.run())))
        self._entered = True

    async def _begun(self) -> None:
        """Waits for the first `ready`. A replay that is longer than the inbox comes to an end only when it is read."""
        try:
            async with asyncio.timeout(self._patience):
                await first(self._connection.live.wait(), self._inbox.stalled.wait(), self._tasks[0])
        except TimeoutError:
            raise Unreachable(f"{self.url}: {self._connection.trouble}") from None
        if self._failure is not None:
            raise self._failure
        if not self._rooms.known:
            self._rooms.replace(await self.rest.rooms(member=True))
        for room in self._outbox.rooms():
            self._courier.work(room)

    async def _run(self, work: Any) -> None:
        try:
            await work
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """There is no use in going on: whoever waits hears why."""
        if self._failure is None:
            self._failure = error
            self._inbox.fail(error)
            self._outbox.abandon(error)
            for task in self._tasks:
                task.cancel()

    async def _close(self, reason: Closed) -> None:
        self._entered = False
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._courier.stop()
            self._outbox.abandon(reason)
            self._inbox.fail(reason)
            await self._tokens.finish()
        finally:
            await self._keeping.finish()
            await self._http.aclose()

    # Hearing --------------------------------------------------------------------------------------

    def _greet(self, frame: Json) -> None:
        user = User.of(frame["user"])
        if self._state.user not in (None, user.id):
            raise StoreError("what was kept belongs to somebody else")
        if hasattr(self, "user") and user.id != self.user.id:
            raise SignedOut("the token is somebody else's now")
        self.user, self._state.user = user, user.id

    async def _hear(self, frame: Json) -> None:
        if frame["op"] == "ready":
            self._rooms.replace([Room.of(each) for each in frame["rooms"]])
        for step in self._positions.take(frame):
            if isinstance(step.item, Event):
                self._notice(step.item)
            await self._inbox.put(step)

    def _notice(self, event: Event) -> None:
        self._rooms.notice(event)
        message = event.message
        if message is None or message.sender.id != self.user.id:
            return
        if self._outbox.seen(message):
            self._keeping.touch()

    def _handled(self) -> None:
        """The application has done what it wanted with what it was given last."""
        if self._current is not None:
            self._state.cursors.apply(self._current)
            self._current = None
            self._keeping.touch()

    def _snapshot(self) -> State:
        return State(self.url, self._state.user, self._state.cursors.copy(), self._outbox.entries)


class _Events(AsyncIterator[Item]):
    def __init__(self, client: Client) -> None:
        self._client = client

    async def __anext__(self) -> Item:
        client = self._client
        while True:
            client._handled()
            client._current = step = await client._inbox.get()
            if step.item is not None:
                return step.item
