"""Bringing in people, rooms and history from elsewhere, through the log like everything else.

A second import of the same source finds what the first one made: people and rooms by `Imported`, messages by their
client ids, which follow from the source, the room and the message's id there.
"""

from chat.operations.importing.history import History
from chat.operations.importing.items import Item, Joined, Left, Person, Pinned, Place, Said, Sent, Unreadable
from chat.operations.importing.people import People
from chat.operations.importing.rooms import bring_room
from chat.operations.importing.tally import Tally

__all__ = [
    "History",
    "Item",
    "Joined",
    "Left",
    "People",
    "Person",
    "Pinned",
    "Place",
    "Said",
    "Sent",
    "Tally",
    "Unreadable",
    "bring_room",
]
