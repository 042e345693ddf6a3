"""User names: one form to compare by, one to tell look-alikes by."""

import re
import unicodedata
from functools import cache
from typing import Final

from confusable_homoglyphs import confusables
from django.core.exceptions import ValidationError

USERNAME_CHARACTERS: Final = 64
# Nobody has a longer name. Normalising takes a time that grows with the square of a run of combining marks.
_NORMALIZED_CHARACTERS: Final = 1_000
_USERNAME: Final = re.compile(r"\w(?:[\w.-]*[\w-])?")


def normalize(name: str) -> str:
    """NFKC without surrounding space: how a user name is stored. What is too long for one stays as it is."""
    if len(name) > _NORMALIZED_CHARACTERS:
        return name
    return unicodedata.normalize("NFKC", name).strip()


def key(name: str) -> str:
    """What two spellings of one user name share: NFKC and case-folded (UTS #39, section 3)."""
    if len(name) > _NORMALIZED_CHARACTERS:
        return name
    return unicodedata.normalize("NFKC", normalize(name).casefold())


def skeleton(name: str) -> str:
    """What two names that look alike share (Unicode UTS #39, section 4, "Confusable Detection")."""
    decomposed = unicodedata.normalize("NFD", normalize(name))
    mapped = "".join(_prototype(character) for character in decomposed)
    return unicodedata.normalize("NFD", mapped).casefold()


@cache
def _prototype(character: str) -> str:
    """The character that stands for all that look like this one.

    The table of confusable-homoglyphs is symmetric: a look-alike names its prototype alone, a prototype names all its
    look-alikes. Where each names only the other, the plainer one is the prototype.
    """
    others: list[str] = [entry["c"] for entry in confusables.confusables_data.get(character, ())]
    if len(others) != 1:
        return character
    (other,) = others
    if len(confusables.confusables_data.get(other, ())) > 1:
        return other
    return min(character, other, key=lambda text: (not text.isascii(), text))


def validate_username(name: str) -> None:
    """Raises ValidationError unless `name`, once normalised, can be a user name."""
    name = normalize(name)
    if len(name) > USERNAME_CHARACTERS:
        raise ValidationError(f"A user name has at most {USERNAME_CHARACTERS} characters.", code="too_long")
    if not _USERNAME.fullmatch(name):
        raise ValidationError(
            "A user name is made of letters, digits, '.', '_' and '-', and begins and ends with a letter or digit.",
            code="invalid",
        )
