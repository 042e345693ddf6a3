"""A thread as the page shows it beside its room."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from chat.models import ThreadFollower, User
from chat.models.prepared import Row
from chat.operations import threads
from chat.protocol.errors import BadRequest
from chat.streams import log
from chat.web import lines, stored, timeline
from chat.web.lines import Line
from chat.web.room_view import RoomView
from chat.web.timeline import Timeline, Window

_READ = 2**63 - 1


@dataclass(frozen=True)
class Thread:
    """A thread at one moment, for one reader. Nothing is unread in one that they do not follow."""

    id: int
    url: str
    as_of: int
    root: Row
    window: Window
    following: bool
    read_seq: int | None
    unread: int

    @property
    def focus(self) -> int | None:
        return self.window.target

    def root_line(self, room_url: str, reader_id: int, *, moderates: bool) -> Line:
        line = lines.line(self.root, room_url, timezone.get_current_timezone())
        return line.read_by(reader_id, moderates=moderates).as_root()


@dataclass(frozen=True)
class Shown:
    """What the template is given."""

    thread: Thread
    root: Line
    timeline: Timeline

    @property
    def replies(self) -> SafeString:
        return mark_safe(self.timeline.markup.decode())


def read(user: User, view: RoomView, root_id: int, reply: tuple[int, int] | None = None) -> Thread:
    """The thread that a message began, at its end or at one reply (id, number). Raises NotFound, or Http404."""
    room_id = view.face.id or 0
    as_of = log.heads([room_id])[room_id]
    try:
        root = threads.root_of(user, root_id)
    except BadRequest as refused:
        raise Http404(refused.detail) from refused
    row = stored.one(root_id)
    if root.room_id != room_id or row is None:
        raise Http404("there is no such message")
    window = _window(room_id, root_id, reply)
    follower = ThreadFollower.objects.following().filter(root=root_id, user=user).with_unread().first()
    return Thread(
        root_id,
        f"{view.face.url}{root_id}/thread/",
        as_of,
        row,
        window,
        follower is not None,
        None if follower is None else follower.read_seq,
        getattr(follower, "unread", 0),
    )


def _window(room_id: int, root_id: int, reply: tuple[int, int] | None) -> Window:
    return timeline.newest(room_id, root_id) if reply is None else timeline.around(room_id, *reply, root_id)


def shown(thread: Thread, view: RoomView, reader_id: int) -> Shown:
    zone = timezone.get_current_timezone()
    read_seq = _READ if thread.read_seq is None else thread.read_seq
    moderates, url = view.face.moderates, view.face.url
    replies = timeline.timeline(
        thread.window, room_url=url, reader_id=reader_id, moderates=moderates, read_seq=read_seq, zone=zone
    )
    return Shown(thread, thread.root_line(url, reader_id, moderates=moderates), replies)
