"""What the team does while one comes in, by the operations that everybody uses."""

from typing import Final

from chat.management.demo.cards import show_cards
from chat.management.demo.lines import Line, Talk
from chat.models import Membership, Message, Room, User
from chat.operations.importing import People, Place
from chat.operations.importing.known import Known
from chat.operations.membership import change_role
from chat.operations.messages import edit_message
from chat.operations.moderation import report_message
from chat.operations.pins import bookmark_message
from chat.operations.posting import post_message
from chat.operations.reactions import react
from chat.operations.rooms import update_room
from chat.protocol import emoji

_OTHER_WORDS: Final = "\n=>\n"
_REASON: Final = "There is a key in this. I have made a new one, please delete the message."


class Today:
    """What is left to do in one room once its past is there."""

    def __init__(self, talk: Talk, room: Room, place: Place, people: People) -> None:
        self._talk = talk
        self._room = room
        self._known = Known(place, people)
        self._people = people

    def settle(self, owner: User) -> None:
        """The rules of the room, and who sees to them."""
        talk = self._talk
        if self._room.kind == Room.Kind.DIRECT:
            return
        update_room(
            actor=owner,
            room_id=self._room.pk,
            topic=talk.topic,
            posting=talk.posting,
            slow_seconds=talk.slow_seconds,
        )
        for name in sorted(talk.moderators):
            role = Membership.Role.MODERATOR
            change_role(actor=owner, room_id=self._room.pk, user_id=self._people[name].pk, role=role)

    def go_on(self, owner: User) -> None:
        """What is said now, and what is done with what was said."""
        for line in self._talk.lines:
            if line.now:
                self._say(line)
            if "card" in line.marks:
                show_cards(self._message(line.key))
            if "keep" in line.marks:
                bookmark_message(actor=owner, message_id=self._message(line.key), on=True)
            if "reported" in line.marks:
                reporter = self._people[line.marks["reported"]]
                report_message(actor=reporter, message_id=self._message(line.key), reason=_REASON)

    def _say(self, line: Line) -> None:
        sender = self._people[line.who]
        first, *others = line.body.split(_OTHER_WORDS)
        message = post_message(
            sender=sender,
            room_id=self._room.pk,
            client_id=self._known.message_id(line.key),
            body=first,
            reply_to=self._message(line.marks["under"]) if "under" in line.marks else None,
            thread=self._message(line.marks["in"]) if "in" in line.marks else None,
        ).message_id
        for words in others:
            edit_message(actor=sender, message_id=message, body=words)
        for name, users in line.reactions:
            found = emoji.named(name)
            assert found is not None, name
            for user in users:
                react(actor=self._people[user], message_id=message, emoji=found, on=True)

    def _message(self, key: str) -> int:
        return Message.objects.in_room(self._room).get(client_id=self._known.message_id(key)).pk
