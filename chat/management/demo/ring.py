"""A telephone that wakes the dead."""

import io
import math
import wave
from array import array
from typing import Final

RATE: Final = 8_000
SECONDS: Final = 2
# Two tones, twenty times a second one after the other, as a bell does.
_TONES: Final = (660, 880)
_STRIKES: Final = 20


def ring() -> bytes:
    """A WAV file."""
    samples = array("h", (_sample(number) for number in range(RATE * SECONDS)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _sample(number: int) -> int:
    at = number / RATE
    tone = _TONES[int(at * _STRIKES) % 2]
    return int(9_000 * math.sin(2 * math.pi * tone * at) * (1 - at / SECONDS))
