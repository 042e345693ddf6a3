"""What an import says of itself at its end."""

from collections import Counter
from dataclasses import dataclass, field

from chat.operations.importing import Tally
from chat.protocol.limits import REACTIONS


@dataclass(slots=True)
class Summary:
    people: int = 0
    matched: int = 0
    rooms: int = 0
    tally: Tally = field(default_factory=Tally)
    empty: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    problems: int = 0

    def worded(self, seconds: float) -> str:
        tally = self.tally
        lines = [
            f"{tally.posted:,} messages in {self.rooms:,} rooms, {self.people:,} new people, "
            f"in {seconds:.1f} s ({tally.posted / max(seconds, 0.001):,.0f} messages/s)"
        ]
        if tally.reactions:
            lines.append(f"{tally.reactions:,} reactions")
        if tally.files:
            lines.append(f"{tally.files:,} files")
        if tally.strange:
            lines.append(f"{tally.strange.total():,} reactions with emoji unknown here: {most_common(tally.strange)}")
        if tally.crowded:
            lines.append(
                f"{tally.crowded:,} reactions were over the {REACTIONS} different ones that a message may have"
            )
        if tally.repeated:
            lines.append(f"{tally.repeated:,} messages were here already")
        if self.matched:
            lines.append(f"{self.matched:,} people were here already, by their e-mail addresses")
        if self.empty:
            lines.append(f"{self.empty:,} messages without words were left out")
        if self.unknown:
            lines.append(f"of kinds unknown here, imported as text: {most_common(self.unknown)}")
        return "\n".join(lines)


def most_common(counter: Counter[str]) -> str:
    return ", ".join(f"{kind} ({count:,})" for kind, count in counter.most_common(10))
