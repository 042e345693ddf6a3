"""`:tada:` in a text becomes 🎉; `:wave::skin-tone-3:` is said as Slack says it."""

import re
from typing import Final

from chat.protocol import emoji

# Not behind a letter or a digit: 10:100:20 is none.
_NAMED: Final = re.compile(r"(?<![0-9A-Za-z]):([0-9A-Za-z_+-]{1,64}):(?::skin-tone-([2-6]):)?")


def with_emoji(text: str) -> str:
    """`text` with emoji for the names that there are; any other stays as it stands."""
    return _NAMED.sub(_emoji, text) if text.count(":") > 1 else text


def _emoji(match: re.Match[str]) -> str:
    name = match[1] if match[2] is None else f"{match[1]}::skin-tone-{match[2]}"
    return emoji.named(name) or match[0]
