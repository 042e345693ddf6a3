"""What an import has done so far."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """`posted` and `repeated` are messages. `strange` emoji have no character, `crowded` ones found their message full:
    each counts the reactions that stay in `Message.extra`."""

    posted: int = 0
    repeated: int = 0
    reactions: int = 0
    files: int = 0
    strange: Counter[str] = field(default_factory=Counter)
    crowded: int = 0
