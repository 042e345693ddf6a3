"""`:tada:` in a text becomes 🎉; `:wave::skin-tone-3:` is said as Slack says it."""

import re
from typing import Final

from chat.protocol import emoji

# Not behind a letter or a digit: 10:100:20 is none.
_NAMED: Final = re.compile(r"(?<![0-9A-Za-z]):([0-9A-Za-z_+-]{1,64}):(?::skin-tone-([2-6]):)?")
_FIRST_TONE: Final = ord("\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}")


def with_emoji(text: str) -> str:
    """`text` with emoji for the names that there are; any other stays as it stands."""
    return _NAMED.sub(_emoji, text) if text.count(":") > 1 else text


def _emoji(match: re.Match[str]) -> str:
    found = emoji.named(match[1])
    if found is None or match[2] is None:
        return found or match[0]
    return emoji.canonical(found + chr(_FIRST_TONE + int(match[2]) - 2)) or match[0]
