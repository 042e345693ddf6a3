"""The rooms of an archive: found, or made."""

from django.db import transaction

from chat.models import Imported, Room
from chat.operations.importing.items import Place
from chat.operations.importing.people import People
from chat.operations.rooms import free_slug
from chat.protocol.limits import NAME_CHARACTERS, TOPIC_CHARACTERS


def bring_room(place: Place, people: People) -> Room | None:
    """The room that stands for `place`, made if it is new. None for a direct room without two people.

    Two people have one direct room: history goes into it, behind what they have said here.
    """
    known = Imported.objects.filter(source=people.source, external_id=place.id).first()
    room = Room.objects.filter(pk=known.object_id).first() if known else None
    if room is not None:
        return room
    with transaction.atomic():
        room = _direct(place, people) if place.kind == Room.Kind.DIRECT else _named(place, people)
        if room is not None:
            Imported.objects.update_or_create(
                source=people.source,
                external_id=place.id,
                defaults={"object_id": room.pk, "position": None, "complete": False},
            )
    return room


def _named(place: Place, people: People) -> Room:
    name = " ".join(place.name.replace("\x00", "").split())[:NAME_CHARACTERS] or "room"
    room = Room(
        kind=place.kind,
        name=name,
        slug=free_slug(name, place.kind),
        topic=place.topic.replace("\x00", "").strip()[:TOPIC_CHARACTERS],
        created_by=people.get(place.creator),
    )
    return _dated(room, place)


def _direct(place: Place, people: People) -> Room | None:
    users = people.users(place.members)
    if not users or len(place.members) != len(users):
        return None
    key = Room.direct_key_of(users[0].pk, users[-1].pk)
    return Room.objects.filter(direct_key=key).first() or _dated(
        Room(kind=Room.Kind.DIRECT, direct_key=key, created_by=users[0]), place
    )


def _dated(room: Room, place: Place) -> Room:
    room.save()
    # The field takes the time of the insert, whatever it is given.
    Room.objects.filter(pk=room.pk).update(created_at=place.created_at)
    room.created_at = place.created_at
    return room
