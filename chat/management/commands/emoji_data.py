"""Makes static/emoji/en.json, what Parley knows of emoji, from the npm package emojibase-data."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from chat.protocol.emoji import FILE

# The names that Slack uses come first: people know them, and imported messages are full of them.
NAMES = ("iamcal", "github", "emojibase")
COMPONENTS, EMOJI_BY_DEFAULT = 2, 1


class Command(BaseCommand):
    help = "Makes static/emoji/en.json from a folder of the npm package emojibase-data (`make emoji`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="the folder of the package")

    def handle(self, *, package: Path, **_: Any) -> None:
        english = package / "en"
        found = json.loads((english / "data.json").read_text())
        # Parts of others, letters of flags and tones of skin, are no emoji of their own.
        found = [each for each in found if each.get("group") not in (None, COMPONENTS)]
        names = _names(english, {each["hexcode"] for each in found})
        rows = [
            [_qualified(each), names[each["hexcode"]], each.get("tags", []), each["group"], int("skins" in each)]
            for each in sorted(found, key=lambda each: each["order"])
        ]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        FILE.write_text(f"[\n{lines}\n]\n")


def _names(english: Path, codes: set[str]) -> dict[str, list[str]]:
    """Code → names. What two vocabularies call differently goes to the first: a name stands for one emoji."""
    taken: set[str] = set()
    found: dict[str, list[str]] = {code: [] for code in codes}
    for source in NAMES:
        for code, names in json.loads((english / "shortcodes" / f"{source}.json").read_text()).items():
            for name in _list(names) if code in codes else ():
                if name not in taken:
                    taken.add(name)
                    found[code].append(name)
    return found


def _qualified(found: dict[str, Any]) -> str:
    """Fully qualified (UTS #51): with a variation selector only where it would be text without."""
    emoji = "".join(chr(int(code, 16)) for code in found["hexcode"].split("-"))
    return emoji if found["type"] == EMOJI_BY_DEFAULT else f"{emoji}\N{VARIATION SELECTOR-16}"


def _list(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)
