"""What an import says of itself at its end."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Summary:
    people: int = 0
    matched: int = 0
    rooms: int = 0
    messages: int = 0
    repeated: int = 0
    empty: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    problems: int = 0

    def worded(self, seconds: float) -> str:
        lines = [
            f"{self.messages:,} messages in {self.rooms:,} rooms, {self.people:,} new people, "
            f"in {seconds:.1f} s ({self.messages / max(seconds, 0.001):,.0f} messages/s)"
        ]
        if self.repeated:
            lines.append(f"{self.repeated:,} messages were here already")
        if self.matched:
            lines.append(f"{self.matched:,} people were here already, by their e-mail addresses")
        if self.empty:
            lines.append(f"{self.empty:,} messages without words were left out")
        if self.unknown:
            lines.append(f"of kinds unknown here, imported as text: {most_common(self.unknown)}")
        return "\n".join(lines)


def most_common(counter: Counter[str]) -> str:
    return ", ".join(f"{kind} ({count:,})" for kind, count in counter.most_common(10))
