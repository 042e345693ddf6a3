"""A client of Parley: what it says is acknowledged once, and it hears every event once and in order."""

from parley_client.client import Client
from parley_client.errors import (
    BadRequest,
    Broken,
    Closed,
    Conflict,
    Forbidden,
    NotFound,
    NotParley,
    ParleyError,
    RateLimited,
    Refused,
    SignedOut,
    Stopped,
    StoreError,
    TooLarge,
    Unavailable,
    Unreachable,
)
from parley_client.items import Event, Item, Reset
from parley_client.outbox import Entry
from parley_client.positions import Cursors
from parley_client.rest import Rest
from parley_client.shapes import Member, Message, Page, Posted, Room, User
from parley_client.store import FileStore, State, Store
from parley_client.tokens import Fixed, Pair, Signed, Tokens

__all__ = [
    "BadRequest",
    "Broken",
    "Client",
    "Closed",
    "Conflict",
    "Cursors",
    "Entry",
    "Event",
    "FileStore",
    "Fixed",
    "Forbidden",
    "Item",
    "Member",
    "Message",
    "NotFound",
    "NotParley",
    "Page",
    "Pair",
    "ParleyError",
    "Posted",
    "RateLimited",
    "Refused",
    "Reset",
    "Rest",
    "Room",
    "Signed",
    "SignedOut",
    "State",
    "Stopped",
    "Store",
    "StoreError",
    "Tokens",
    "TooLarge",
    "Unavailable",
    "Unreachable",
    "User",
]
