"""Names of files: shown to others and written on their disks, so that nothing in them may deceive or do harm."""

import re
import unicodedata
from typing import Final

from chat.models.uploads import NAME_CHARACTERS

_SEPARATORS: Final = re.compile(r"[/\\]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]+')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_HIDDEN: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode's categories of what is not seen: controls, and marks that turn the direction of writing around."""


def safe_name(name: str) -> str:
    """The last part of a path, without what some system or reader could take for something else."""
    last = _SEPARATORS.split(name)[-1]
    seen = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each) not in _HIDDEN)
    clean = " ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")
    if _DEVICES.fullmatch(clean):
        clean = f"_{clean}"
    return _shortened(clean) or "file"


def _shortened(name: str) -> str:
    """Cut in its middle, so that the extension stays."""
    if len(name) <= NAME_CHARACTERS:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:NAME_CHARACTERS]
    return f"{stem[: NAME_CHARACTERS - len(extension) - 1]}.{extension}"
