"""The workspace: its first hour, and how people come into it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from msgspec import UNSET, UnsetType

from chat.models import Invitation, Membership, Room, User, Workspace
from chat.operations import checking
from chat.operations.membership import enter
from chat.operations.people import add_user
from chat.operations.rooms import create_room
from chat.operations.secrets import digest, new_secret
from chat.protocol.errors import BadRequest, Conflict, Forbidden, NotFound
from chat.protocol.limits import NAME_CHARACTERS
from chat.streams import log

LOBBY = "General"
INVITATION_DAYS = 90
INVITATION_USES = 1_000


def set_up(*, workspace_name: str, username: str, password: str, name: str = "", email: str = "") -> User:
    """Makes the owner's account and the first room, while there is nobody. Of two visitors at once, one wins.

    Raises:
        Conflict: somebody was first.
        BadRequest: a value cannot be; the field says which.
    """
    workspace_name = checking.text("workspace_name", workspace_name, most=NAME_CHARACTERS, required=True)
    Workspace.current()
    with transaction.atomic():
        # The row's lock makes the second visitor wait for the first, and then see the owner.
        workspace = Workspace.objects.select_for_update().get(pk=1)
        if User.objects.exists():
            raise Conflict("this Parley has its owner already")
        owner = add_user(username=username, password=password, name=name, email=email, is_staff=True, is_superuser=True)
        workspace.lobby = create_room(actor=owner, name=LOBBY, kind=Room.Kind.OPEN)
        workspace.name, workspace.set_up_at = workspace_name, timezone.now()
        workspace.save()
    return owner


def sign_up(*, username: str, password: str, name: str = "", email: str = "") -> User:
    """Makes an account without an invitation, where the owner allows it, in the room that everybody enters.

    Raises:
        Forbidden: sign-up is by invitation.
        BadRequest, Conflict: a value cannot be; the field says which.
    """
    with transaction.atomic():
        if not Workspace.current().open_signup:
            raise Forbidden("sign-up is by invitation")
        user = add_user(username=username, password=password, name=name, email=email)
        _welcome(user, None)
    return user


def update_workspace(
    *,
    actor: User | None,
    name: str | None = None,
    open_signup: bool | None = None,
    lobby_id: int | UnsetType | None = UNSET,
) -> Workspace:
    """Changes what is given; `lobby_id` None means that who signs up enters no room.

    Raises:
        Forbidden: `actor` is not an owner.
        BadRequest: the name cannot be, or the lobby is no open room.
    """
    if actor is not None and not actor.is_superuser:
        raise Forbidden("only owners may do this")
    workspace = Workspace.current()
    if name is not None:
        workspace.name = checking.text("name", name, most=NAME_CHARACTERS, required=True)
    if open_signup is not None:
        workspace.open_signup = open_signup
    if lobby_id is not UNSET:
        lobby = Room.objects.filter(pk=lobby_id, kind=Room.Kind.OPEN, archived_at=None).first()
        if lobby is None and lobby_id is not None:
            raise BadRequest("the lobby is an open room that is not archived", field="lobby")
        workspace.lobby = lobby
    workspace.save(update_fields=["name", "open_signup", "lobby"])
    return workspace


def create_invitation(
    *, actor: User, room_id: int | None = None, days: int = 7, max_uses: int = 10
) -> tuple[Invitation, str]:
    """Makes a link's token, for owners; or, into one room, for those who moderate it. Only its hash is kept.

    Raises:
        BadRequest: `days` or `max_uses` cannot be.
        NotFound, Forbidden: `actor` may not invite there.
    """
    if not 1 <= days <= INVITATION_DAYS:
        raise BadRequest(f"days is a number from 1 to {INVITATION_DAYS}", field="days")
    if not 1 <= max_uses <= INVITATION_USES:
        raise BadRequest(f"max_uses is a number from 1 to {INVITATION_USES:,}", field="max_uses")
    room = None
    if room_id is not None:
        room = checking.room_of(actor, room_id)
        if room.kind == Room.Kind.DIRECT:
            raise Forbidden("nobody enters a direct room")
        checking.open_for_writing(room)
        checking.moderates(actor, room)
    elif not actor.is_superuser:
        raise Forbidden("only owners may invite without a room")
    token = new_secret()
    invitation = Invitation.objects.create(
        token_hash=digest(token),
        created_by=actor,
        room=room,
        expires_at=timezone.now() + timedelta(days=days),
        max_uses=max_uses,
    )
    return invitation, token


def find_invitation(*, token: str) -> Invitation:
    """The invitation that `token` opens, as long as its maker may invite. Raises NotFound when there is none any more.

    Otherwise who was put out of a private room could come back by a link made before, under another name.
    """
    found = Invitation.objects.usable(timezone.now()).filter(token_hash=digest(token), created_by__is_active=True)
    invitation = found.select_related("room", "created_by").first()
    if invitation is None or not _may_invite(invitation.created_by, invitation.room):
        raise NotFound("this invitation has expired, is used up, or never was")
    return invitation


def accept_invitation(*, token: str, username: str, password: str, name: str = "", email: str = "") -> User:
    """Makes an account by invitation, in the room that everybody enters and in the invitation's own.

    Raises:
        NotFound: there is no such invitation, or none any more.
        BadRequest, Conflict: a value cannot be; the field says which.
    """
    with transaction.atomic():
        invitation = find_invitation(token=token)
        used = Invitation.objects.filter(pk=invitation.pk, uses__lt=F("max_uses")).update(uses=F("uses") + 1)
        if not used:
            raise NotFound("this invitation is used up")
        user = add_user(username=username, password=password, name=name, email=email)
        _welcome(user, invitation.room)
    return user


def revoke_invitation(*, actor: User | None, invitation_id: int) -> None:
    """Ends an invitation: by an owner, or by whoever made it. Raises NotFound."""
    invitations = Invitation.objects.all()
    if actor is not None and not actor.is_superuser:
        invitations = invitations.filter(created_by=actor)
    if not invitations.filter(pk=invitation_id).update(revoked_at=timezone.now()):
        raise NotFound("there is no such invitation")


def _may_invite(user: User, room: Room | None) -> bool:
    if room is None:
        return user.is_superuser
    membership = Membership.objects.live().filter(room=room, user=user).first()
    return membership is not None and membership.moderates


def _welcome(user: User, room: Room | None) -> None:
    """Brings a new user into the lobby and into `room`, where these still take people."""
    wanted = {candidate.pk: candidate for candidate in (Workspace.current().lobby, room) if candidate is not None}
    with log.adding([user.pk, *wanted]) as additions:
        rooms = Room.objects.filter(pk__in=wanted, archived_at=None).order_by("pk")
        for each in rooms:
            enter(each, {user: Membership.Role.MEMBER}, timezone.now(), additions)
