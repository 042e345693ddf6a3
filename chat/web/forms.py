"""What people fill in. The rules stand in the operations; here are the labels, and the browser's own checks."""

from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.forms.utils import ErrorDict
from django.http import HttpRequest

from chat.models import Membership, Room, User
from chat.models.names import USERNAME_CHARACTERS
from chat.models.notifications import KEYWORD_CHARACTERS, KEYWORDS
from chat.models.users import HUES
from chat.protocol.errors import Refused
from chat.protocol.limits import NAME_CHARACTERS, TOPIC_CHARACTERS
from chat.web.page import sentence

PASSWORD_CHARACTERS = 4096


class Form(forms.Form):
    """A form in the look of the pages, which can show why an operation refused."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        dress(self)

    def refuse(self, refused: Refused) -> None:
        """Shows the refusal at the field to blame, or above all fields."""
        self.add_error(refused.field if refused.field in self.fields else None, sentence(refused))


def dress(form: forms.Form) -> None:
    """Gives the fields of any form the class of ours."""
    for field in form.fields.values():
        if not isinstance(field.widget, forms.RadioSelect):
            field.widget.attrs.setdefault("class", "input")


def username_field(**options: Any) -> forms.CharField:
    plain = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "username", "dir": "auto"}
    return forms.CharField(
        label="User name", max_length=USERNAME_CHARACTERS, widget=forms.TextInput(attrs=plain), **options
    )


def password_field(label: str = "Password", *, new: bool) -> forms.CharField:
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_CHARACTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
        help_text=password_validation.password_validators_help_text_html() if new else "",
    )


def name_field() -> forms.CharField:
    return forms.CharField(
        label="Your name",
        max_length=NAME_CHARACTERS,
        required=False,
        help_text="How others see you.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )


def email_field(help_text: str = "For a new password, and for mails of what you have not read.") -> forms.EmailField:
    return forms.EmailField(
        label="E-mail", required=False, help_text=help_text, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class SignInForm(Form):
    username = username_field()
    password = password_field(new=False)
    user: User

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.fields["username"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and password:
            user = authenticate(self._request, username=username, password=password)
            if not isinstance(user, User):
                raise forms.ValidationError(self._why_not(username, password))
            self.user = user
        return self.cleaned_data

    def turn_away(self, reason: str) -> None:
        """Shows `reason`, without a look at what was filled in."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.add_error(None, reason)

    @staticmethod
    def _why_not(username: str, password: str) -> str:
        """Only who knows the password learns that the account is disabled."""
        disabled = User.objects.named(username).filter(is_active=False).first()
        if disabled is not None and disabled.check_password(password):
            return "This account is disabled. Ask an owner to enable it again."
        return "There is no account with this user name and password."


class SignUpForm(Form):
    name = name_field()
    username = username_field(help_text="What others type after @. Letters, digits, dots and dashes.")
    email = email_field()
    password = password_field(new=True)


class SetUpForm(Form):
    workspace_name = forms.CharField(
        label="Name of the place",
        max_length=NAME_CHARACTERS,
        help_text="Your team or company.",
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    name = name_field()
    username = username_field(help_text="What others type after @. Letters, digits, dots and dashes.")
    email = email_field()
    password = password_field(new=True)


class Choice:
    """The label of a choice with a line of explanation."""

    def __init__(self, name: str, hint: str) -> None:
        self.name = name
        self.hint = hint

    def __str__(self) -> str:
        return self.name


SLOW_CHOICES: Final = [
    (0, "Off"),
    (5, "5 seconds"),
    (10, "10 seconds"),
    (30, "30 seconds"),
    (60, "A minute"),
    (300, "5 minutes"),
    (900, "15 minutes"),
    (3_600, "An hour"),
    (21_600, "6 hours"),
]


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class RoomForm(Form):
    """What members read about a room."""

    name = forms.CharField(label="Name", max_length=NAME_CHARACTERS, widget=forms.TextInput(attrs={"dir": "auto"}))
    topic = forms.CharField(
        label="Topic", max_length=TOPIC_CHARACTERS, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class RoomRulesForm(RoomForm):
    """What those who moderate a room set."""

    posting = forms.ChoiceField(
        label="Who writes in it",
        widget=forms.RadioSelect,
        choices=[
            (Room.Posting.EVERYONE, Choice("All members", "It is a room to talk in.")),
            (Room.Posting.MODERATORS, Choice("Moderators", "The others read and react, as for announcements.")),
        ],
    )
    slow_seconds = forms.TypedChoiceField(
        label="Slow mode",
        coerce=int,
        help_text="How long a member waits between two messages. Moderators do not wait.",
        choices=SLOW_CHOICES,
    )
    previews = forms.BooleanField(
        label="Show previews of links",
        required=False,
        help_text="This server fetches the pages behind the links of new messages.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A program may have set another one.
        now = self.initial.get("slow_seconds", 0)
        if now not in dict(SLOW_CHOICES):
            self.fields["slow_seconds"].choices = [*SLOW_CHOICES, (now, f"{now} seconds")]  # type: ignore[attr-defined]


class NotifyForm(Form):
    """Of what somebody is notified, where a room says nothing else."""

    level = forms.ChoiceField(
        label="Notify me of",
        widget=forms.RadioSelect,
        choices=[
            (
                Membership.Level.MENTIONS,
                Choice("What concerns me", "Mentions, direct messages, threads I follow."),
            ),
            (Membership.Level.ALL, Choice("Every message", "Of all rooms that I am in.")),
            (Membership.Level.NOTHING, Choice("Nothing", "I look by myself.")),
        ],
    )
    keywords = forms.CharField(
        label="Words to listen for",
        required=False,
        max_length=KEYWORDS * (KEYWORD_CHARACTERS + 2),
        help_text="With commas between them, such as: invoice, night run.",
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    mails = forms.BooleanField(
        label="Mail me what I have not read for ten minutes",
        required=False,
        help_text="To the address in your profile, one mail for all that waits.",
    )
    digest = forms.BooleanField(
        label="Mail me each morning what waits in my rooms",
        required=False,
        help_text="At eight by the clock of your time zone, unless you have read it all.",
    )
    quiet_from = forms.TimeField(label="From", required=False, widget=_time_input())
    quiet_to = forms.TimeField(label="To", required=False, widget=_time_input())

    @property
    def hours(self) -> tuple[forms.BoundField, forms.BoundField]:
        return self["quiet_from"], self["quiet_to"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        hours = [found.get("quiet_from"), found.get("quiet_to")]
        if hours.count(None) == 1 and not self.errors:
            self.add_error("quiet_to", "Say both, or neither.")
        return found

    def chosen(self) -> dict[str, Any]:
        """As `chat.operations.notifying.choices.choose` takes it."""
        found = self.cleaned_data
        words = found["keywords"].replace("，", ",").replace("、", ",").split(",")
        quiet = None if found["quiet_from"] is None else (found["quiet_from"], found["quiet_to"])
        return {
            "level": found["level"],
            "keywords": words,
            "quiet": quiet,
            "mails": found["mails"],
            "digest": found["digest"],
        }


class NewRoomForm(RoomForm):
    kind = forms.ChoiceField(
        label="Who may read it",
        widget=forms.RadioSelect,
        initial=Room.Kind.OPEN,
        choices=[
            (Room.Kind.OPEN, Choice("Everybody", "Anyone here can find the room and join it.")),
            (Room.Kind.PRIVATE, Choice("Only members", "Nobody else knows that it exists.")),
        ],
    )


class ProfileForm(Form):
    name = name_field()
    email = email_field()
    time_zone = forms.ChoiceField(label="Time zone", required=False)
    hue = forms.TypedChoiceField(
        label="Your colour", coerce=int, widget=forms.RadioSelect, choices=[(hue, str(hue)) for hue in range(HUES)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        self.fields["time_zone"].choices = [("", "As the browser says"), *zones]  # type: ignore[attr-defined]


class InvitationForm(Form):
    room = forms.ChoiceField(label="Room", required=False, help_text="Where they begin. Open rooms they find anyway.")
    days = forms.IntegerField(label="Days it works", min_value=1, max_value=90, initial=7)
    max_uses = forms.IntegerField(label="People it lets in", min_value=1, max_value=1000, initial=10)

    def __init__(self, *args: Any, rooms: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].choices = rooms  # type: ignore[attr-defined]
