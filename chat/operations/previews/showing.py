"""Which cards stand under a message: put there once they are fetched, kept up by edits, taken off by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from chat.models import LinkPreview, Message, ShownPreview, User
from chat.models.messages import room_of
from chat.models.previews import hash_of
from chat.operations import checking
from chat.operations.files.tasks import delete_file
from chat.operations.previews.links import links, page_of
from chat.operations.previews.wire import preview_data, previews_data, stored
from chat.protocol.events import PreviewData
from chat.streams import log

USED_SPAN: Final = timedelta(hours=1)
"""Within it a use is not written down again."""


def wanted(message: Message) -> list[str]:
    """The links of the message, which comes with its `room`, that have no card yet, and may get one."""
    if not message.room.previews or message.previews == [] or message.deleted_at is not None:
        return []
    cards = _cards(message)
    return [url for url in links(message.html) if page_of(url) not in cards]


def show(message_id: int, fetched: Sequence[LinkPreview]) -> None:
    """Keeps what was fetched, and puts under the message what stands in it now. For a task: nobody is asked."""
    now = timezone.now()
    with transaction.atomic(), log.adding([room_of(message_id)]) as additions:
        # In one order everywhere: two nodes that insert the same ones do not wait for each other in turn.
        for preview in sorted(fetched, key=lambda preview: hash_of(preview.url)):
            _keep(preview, now)
        message = Message.objects.filter(pk=message_id).select_related("room").first()
        if message is None or not wanted(message):
            return
        pages = [page_of(url) for url in wanted(message)]
        fresh = {preview.url: preview for preview in LinkPreview.objects.of(pages).fresh(now)}
        old = [preview.pk for preview in fresh.values() if preview.used_at < now - USED_SPAN]
        LinkPreview.objects.filter(pk__in=old).update(used_at=now)
        found = {page: preview for page, preview in fresh.items() if not preview.failed}
        cards = _cards(message)
        for url in links(message.html):
            if page_of(url) in found:
                cards[page_of(url)] = preview_data(found[page_of(url)], url)
        ShownPreview.objects.bulk_create(
            (ShownPreview(message=message, preview=preview) for preview in found.values()), ignore_conflicts=True
        )
        _tell(message, cards, additions)


def after_edit(message: Message, additions: log.Additions) -> bool:
    """Within the edit's transaction: what no longer stands in the message is not shown. Whether cards are missing."""
    _tell(message, _cards(message), additions)
    return bool(wanted(message))


def after_delete(message: Message) -> None:
    """Within the transaction that deletes it; its row is saved by who asks."""
    message.previews = None
    ShownPreview.objects.filter(message=message).delete()


def drop_previews(*, actor: User | None, message_id: int) -> int:
    """Takes all cards off a message, for good; returns the number of the event, or the head if there were none.

    Raises:
        NotFound: there is no such message, or `actor` may not see it.
        Forbidden: it is somebody else's and `actor` does not moderate the room, or the room is archived.
    """
    room_id = checking.message_of(actor, message_id).room_id
    with transaction.atomic(), log.adding([room_id]) as additions:
        message = checking.message_of(actor, message_id)
        checking.open_for_writing(message.room)
        if actor is not None and message.sender_id != actor.pk:
            checking.moderates(actor, message.room)
        had = bool(message.previews)
        # Not null: those that are still being fetched are not wanted either.
        Message.objects.filter(pk=message.pk).update(previews=[])
        ShownPreview.objects.filter(message=message).delete()
        return _add(message, [], additions) if had else additions.head(room_id)


def _cards(message: Message) -> dict[str, PreviewData]:
    """Page → its card, for those that the message has and that still stand in it, in the order of its links."""
    known = {page_of(card.url): card for card in previews_data(message.previews)}
    pages = [page_of(url) for url in links(message.html)] if known else []
    return {page: known[page] for page in pages if page in known}


def _tell(message: Message, cards: dict[str, PreviewData], additions: log.Additions) -> None:
    """Unless the message shows just these already. They are put in the order of its links."""
    order = [page_of(url) for url in links(message.html)] if cards else []
    shown = [cards[page] for page in order if page in cards]
    if stored(shown) == (message.previews or None):
        return
    message.previews = stored(shown)
    message.save(update_fields=["previews"])
    ShownPreview.objects.filter(message=message).exclude(preview__url__in=list(cards)).delete()
    _add(message, shown, additions)


def _add(message: Message, shown: list[PreviewData], additions: log.Additions) -> int:
    told = {"message": str(message.pk), "room": str(message.room_id), "seq": message.seq, "previews": shown}
    return additions.add(message.room_id, "message.previewed", timezone.now(), told, subject=message.pk)


def _keep(preview: LinkPreview, now: datetime) -> None:
    """In the place of an older one. Where another process was faster, its is kept."""
    same = LinkPreview.objects.filter(url_hash=hash_of(preview.url))
    if not same.fresh(now).exists():
        same.update(url_hash=None)
        LinkPreview.objects.bulk_create([preview], ignore_conflicts=True)
    if preview.image and not LinkPreview.objects.filter(pk=preview.pk).exists():
        delete_file.enqueue(preview.image)
