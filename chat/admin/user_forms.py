"""What is filled in about a person. The rules stand in the operations."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import SetPasswordMixin

from chat.admin.desk import OperationForm
from chat.models import User
from chat.models.users import HUES


@cache
def _zones() -> list[tuple[str, str]]:
    return [
        ("", "As their browser says"),
        *((name, name.replace("_", " ")) for name in sorted(available_timezones())),
    ]


class AddUserForm(SetPasswordMixin, OperationForm):
    """A new person, or a bot."""

    password1, password2 = SetPasswordMixin.create_password_fields()

    class Meta:
        model = User
        fields = ("username", "name", "email", "is_bot")

    def clean(self) -> Any:
        self.validate_passwords()
        return super().clean()


class ChangeUserForm(OperationForm):
    """Somebody's profile."""

    hue = forms.IntegerField(label="Avatar colour", min_value=0, max_value=HUES - 1, help_text="Which of twelve hues.")
    time_zone = forms.ChoiceField(required=False)

    class Meta:
        model = User
        fields = ("name", "email", "hue", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:  # not on a page that is only read
            self.fields["time_zone"].choices = _zones()  # type: ignore[attr-defined]


class PasswordForm(SetPasswordMixin, forms.Form):
    """A new password for somebody else."""

    password1, password2 = SetPasswordMixin.create_password_fields("New password", "The same again")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> Any:
        self.validate_passwords()
        self.validate_password_for_user(self.user, "password1")
        return super().clean()
