"""Slack's markup ("mrkdwn") as our Markdown.

What Slack shows as written stays as written: where Markdown would see something in it, it is escaped.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chat.operations.slack.literal import LABEL, escape, escape_start, unescape

# References in angle brackets, and code, in which nothing else counts.
_ATOM: Final = re.compile(r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<reference>[^<>\n]+)>", re.DOTALL)
_FORMAT: Final = re.compile(r"(?<![\w*_~])([*_~])(?=\S)((?:(?!\1).)+)(?<=\S)\1(?!\w)")
_MARKS: Final = {"*": "**", "_": "_", "~": "~~"}
_NOTABLE: Final = re.compile(r"[*_~`<>&\\\[|\t\r#]|^[ +-]|^\d+[.)]| $|^/me ", re.MULTILINE)
_WEB: Final = re.compile(r"https?://\S", re.IGNORECASE)
# What the finder of links takes whole, without brackets around it.
_BARE: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9./?=&%#+-]*[A-Za-z0-9/])?")
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
# Stand for an atom while the text around it is worked on; no text may hold them (Unicode noncharacters).
_HOLD, _RELEASE = "\ufdd0", "\ufdd1"
_HELD: Final = re.compile(f"{_HOLD}(\\d+){_RELEASE}")
_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Names:
    """Ids of the archive → names to write after `@` and `#`; None for those that nobody knows."""

    user: Callable[[str], str | None]
    channel: Callable[[str], str | None]


def to_markdown(text: str, names: Names) -> str:
    text = tidy(text)
    if not _NOTABLE.search(text):
        return text
    return _Conversion(names).convert(text)


def tidy(text: str) -> str:
    """`text` with ordinary line ends and without what cannot be stored."""
    return (
        _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
        .replace(_HOLD, "")
        .replace(_RELEASE, "")
    )


class _Conversion:
    def __init__(self, names: Names) -> None:
        self._names = names
        self._atoms: list[str] = []

    def convert(self, text: str) -> str:
        text = unescape(_ATOM.sub(self._hold, text))
        active = frozenset(mark for mark in "*_" if text.count(mark) > 1) | frozenset("[" if "](" in text else "")
        lines: list[str] = []
        quoting, quoted_before = False, False
        for line in text.split("\n"):
            quoted = quoting or line.startswith(">")
            if line.startswith(">>>"):
                quoting, line = True, line[3:]
            elif quoted and line.startswith(">"):
                line = line[1:]
            if quoted_before and not quoted and line.strip():
                lines.append("")  # or Markdown would take it into the quotation
            line = escape_start(self._inline(line.strip(" \t"), active))
            lines.append(self._release(line, "> " if quoted else ""))
            quoted_before = quoted
        if lines[0].startswith("/me "):
            lines[0] = "\\" + lines[0]
        return "\n".join(lines).strip("\n")

    def _inline(self, line: str, active: frozenset[str]) -> str:
        parts, done = [], 0
        for match in _FORMAT.finditer(line):
            mark = _MARKS[match[1]]
            parts += [escape(line[done : match.start()], active), mark, self._inline(match[2], active), mark]
            done = match.end()
        parts.append(escape(line[done:], active))
        return "".join(parts)

    def _hold(self, match: re.Match[str]) -> str:
        before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
        if match["block"] is not None:
            self._atoms.append(f"```\n{self._flat(match['block']).strip(chr(10))}\n```")
        elif match["code"] is not None:
            self._atoms.append(f"`{self._flat(match['code'])}`")
        else:
            self._atoms.append(self._reference(match["reference"], before, after))
        held = f"{_HOLD}{len(self._atoms) - 1}{_RELEASE}"
        if match["block"] is not None:  # a block has lines of its own, quoted if what stands before it is
            line_start = match.string.rfind("\n", 0, match.start()) + 1
            line_break = "\n&gt;" if match.string.startswith("&gt;", line_start) else "\n"
            return (
                (line_break if before not in ("", "\n") else "")
                + held
                + (line_break if after not in ("", "\n") else "")
            )
        return held

    def _release(self, line: str, prefix: str) -> str:
        return prefix + _HELD.sub(lambda match: self._atoms[int(match[1])].replace("\n", f"\n{prefix}"), line)

    def _flat(self, text: str) -> str:
        """What stands inside code, where a reference is what it looks like."""
        return unescape(re.sub(r"<([^<>\n]+)>", lambda match: self._plain(match[1]), text))

    def _plain(self, reference: str) -> str:
        target, _, label = reference.partition("|")
        if target[:1] in ("@", "#", "!"):
            return self._named(target, label) or target
        return label or target

    def _reference(self, reference: str, before: str, after: str) -> str:
        target, _, label = reference.partition("|")
        target, label = unescape(target), unescape(label)
        if target[:1] in ("@", "#", "!"):
            name = self._named(target, label)
            if name is None:
                return escape(f"<{reference}>")
            if not name.startswith("@"):
                return escape(name)
            return (" " if re.match(r"[\w@./-]", before) else "") + name + (" " if re.match(r"\w", after) else "")
        return _link(target, label, before, after)

    def _named(self, target: str, label: str) -> str | None:
        sign, key = target[0], target[1:]
        if sign == "@":
            return f"@{self._names.user(key) or label or key}"
        if sign == "#":
            return f"#{self._names.channel(key) or label or key}"
        command = key.split("^")[0]
        if command in ("here", "channel", "everyone"):
            return f"@{command}"
        return label or None


def _link(target: str, label: str, before: str, after: str) -> str:
    address = target.removeprefix("mailto:")
    if target != address:
        if _ADDRESS.fullmatch(address) and label in ("", address):
            return f"<{address}>"
        return f"[{escape(label or address, LABEL)}](<{target}>)"
    if not _WEB.match(target):  # tel:, slack:, file: …
        return escape(
            label if label in ("", target) or target.endswith(f":{label}") else f"{label} ({target})"
        ) or escape(target)
    target = target.replace(" ", "%20")
    if label in ("", target, re.sub(r"^https?://", "", target), target.rstrip("/")):
        alone = not re.match(r"\w", before) and after in ("", " ", "\n")
        return target if alone and _BARE.fullmatch(target) else f"<{target}>"
    return f"[{escape(label, LABEL)}](<{target}>)"
