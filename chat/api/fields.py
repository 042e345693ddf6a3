"""What a field of a body may hold, for the document. Operations check it, and say what is wrong in their own words."""

from typing import Annotated, Any, Final

from msgspec import Meta

from chat.models import Membership, Room
from chat.models.moderation import REASON_CHARACTERS
from chat.models.names import USERNAME_CHARACTERS
from chat.models.notifications import KEYWORD_CHARACTERS
from chat.models.outgoing import URL_CHARACTERS
from chat.models.push import DEVICE_CHARACTERS, ENDPOINT_CHARACTERS
from chat.models.users import HUES
from chat.operations.personal_tokens import MOST_DAYS
from chat.operations.rooms import SLOWEST_SECONDS
from chat.protocol.limits import BODY_CHARACTERS, NAME_CHARACTERS, TOPIC_CHARACTERS
from chat.protocol.scopes import Scope
from chat.protocol.told import ROOM_EVENTS

_NO_NUL: Final = r"^[^\u0000]*$"
_SOMETHING: Final = r"^[^\u0000]*[!-~][^\u0000]*$"


def _meta(**schema: Any) -> Meta:
    return Meta(extra_json_schema=schema)


Id = Annotated[str, _meta(pattern=r"^[1-9][0-9]{0,17}$")]
Name = Annotated[str, _meta(maxLength=NAME_CHARACTERS, pattern=_SOMETHING)]
MaybeName = Annotated[str, _meta(maxLength=NAME_CHARACTERS, pattern=_NO_NUL)]
Topic = Annotated[str, _meta(maxLength=TOPIC_CHARACTERS, pattern=_NO_NUL)]
Words = Annotated[str, _meta(maxLength=BODY_CHARACTERS, pattern=_SOMETHING)]
MaybeWords = Annotated[str, _meta(maxLength=BODY_CHARACTERS, pattern=_NO_NUL)]
UserName = Annotated[str, _meta(maxLength=USERNAME_CHARACTERS, pattern=r"^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_-])?$")]
"""Letters of any language may be in it, too."""
Password = Annotated[str, _meta(minLength=8, format="password")]
Email = Annotated[str, _meta(maxLength=254, description="An e-mail address, or nothing.")]
Kind = Annotated[str, _meta(enum=[kind.value for kind in Room.Kind])]
Role = Annotated[str, _meta(enum=[role.value for role in Membership.Role])]
Posting = Annotated[str, _meta(enum=[posting.value for posting in Room.Posting])]
SlowSeconds = Annotated[int, _meta(minimum=0, maximum=SLOWEST_SECONDS)]
Reason = Annotated[str, _meta(maxLength=REASON_CHARACTERS, pattern=_NO_NUL)]
Scopes = Annotated[list[Scope], _meta(minItems=1)]
Days = Annotated[int, _meta(minimum=1, maximum=MOST_DAYS)]
Url = Annotated[str, _meta(maxLength=URL_CHARACTERS, pattern=r"^https://[a-z0-9][a-z0-9.-]*[a-z0-9](/[!-\"$-~]*)?$")]
Level = Annotated[str, _meta(enum=[level.value for level in Membership.Level])]
Keyword = Annotated[str, _meta(maxLength=KEYWORD_CHARACTERS, pattern=_NO_NUL)]
"""With a letter or a digit in it; what is empty is left out."""
TimeOfDay = Annotated[str, _meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
PushEndpoint = Annotated[
    str, _meta(maxLength=ENDPOINT_CHARACTERS, pattern=r"^https://[a-z0-9][a-z0-9.-]*[a-z0-9](/[!-\"$-~]*)?$")
]
PushKey = Annotated[str, _meta(pattern="^B[A-Za-z0-9_-]{86}$")]
"""A point of P-256, which few words of this form are."""
PushSecret = Annotated[str, _meta(pattern="^[A-Za-z0-9_-]{21}[AQgw]$")]
DeviceName = Annotated[str, _meta(maxLength=DEVICE_CHARACTERS, pattern=_NO_NUL)]
RoomEvents = list[Annotated[str, _meta(enum=list(ROOM_EVENTS))]]
Hue = Annotated[int, _meta(minimum=0, maximum=HUES - 1)]
