"""What the team photographs and draws: a crossing at sunrise, and a departure board."""

import io
import math
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

_Colour = tuple[int, int, int]
_WIDTH, _HEIGHT, _HORIZON = 1200, 800, 470
_NIGHT, _ROSE, _GOLD = (44, 72, 104), (226, 146, 118), (253, 219, 168)
# From far to near: how high an island stands, its colour, where its hills are.
_ISLANDS: Final = ((70, (150, 132, 142), 0.4), (96, (96, 96, 118), 2.1), (120, (50, 62, 84), 4.4))

# Piers without an umlaut, which the font that comes with Pillow does not have.
_ROWS: Final = (
    ("07:15", "Arholma", "1", ""),
    ("08:05", "Sandhamn", "3", ""),
    ("09:40", "Vaxholm", "2", "Cancelled"),
    ("10:25", "Vaxholm", "2", ""),
    ("11:10", "Finnhamn", "1", "+ 5 min"),
)
_INK, _PAPER, _QUIET, _WARN = (24, 38, 46), (250, 248, 243), (98, 108, 112), (172, 52, 36)


@cache
def crossing() -> bytes:
    """The 07:15 to Björkö, as a JPEG file."""
    image = _sky()
    _sun(image)
    draw = ImageDraw.Draw(image)
    for height, colour, phase in _ISLANDS:
        draw.polygon(_ridge(height, phase), fill=colour)
    sea = image.crop((0, 2 * _HORIZON - _HEIGHT, _WIDTH, _HORIZON)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    sea = Image.blend(sea, Image.new("RGB", sea.size, (30, 52, 72)), 0.35)
    image.paste(_rippled(sea), (0, _HORIZON))
    _ferry(ImageDraw.Draw(image), 420, _HORIZON + 22)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.6)).save(out, "JPEG", quality=86)
    return out.getvalue()


@cache
def board() -> bytes:
    """The departures of one morning, as a PNG file."""
    out = io.BytesIO()
    _board().save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def sheet() -> bytes:
    """The same, as a PDF file."""
    out = io.BytesIO()
    _board().save(out, "PDF", resolution=150)
    return out.getvalue()


def _sky() -> Image.Image:
    column = Image.new("RGB", (1, _HEIGHT))
    for y in range(_HEIGHT):
        at = min(1.0, y / _HORIZON)
        pair = (_NIGHT, _ROSE) if at < 0.65 else (_ROSE, _GOLD)
        column.putpixel((0, y), _between(*pair, at / 0.65 if at < 0.65 else (at - 0.65) / 0.35))
    return column.resize((_WIDTH, _HEIGHT))


def _sun(image: Image.Image) -> None:
    # A blur so wide costs little on a small picture.
    glow = Image.new("RGB", (_WIDTH // 8, _HEIGHT // 8))
    ImageDraw.Draw(glow).ellipse((78, 24, 127, 73), fill=(70, 44, 20))
    glow = glow.filter(ImageFilter.GaussianBlur(8)).resize(image.size)
    ImageDraw.Draw(glow).ellipse((774, 344, 866, 436), fill=(255, 236, 190))
    image.paste(ImageChops.screen(image, glow.filter(ImageFilter.GaussianBlur(2))))


def _ridge(height: int, phase: float) -> list[tuple[float, float]]:
    """The outline of islands, which leave open water between them."""
    line: list[tuple[float, float]] = [(0, _HORIZON)]
    for x in range(0, _WIDTH + 1, 4):
        hills = math.sin(x / 210 + phase) + 0.35 * math.sin(x / 67 + 3 * phase) + 0.06 * math.sin(x / 9 + phase)
        line.append((x, _HORIZON - max(0.0, hills - 0.25) * height))
    return [*line, (_WIDTH, _HORIZON)]


def _rippled(sea: Image.Image) -> Image.Image:
    """Each line of the water moved a little, more so the nearer it is."""
    out = sea.copy()
    for y in range(sea.height):
        by = int(math.sin(y * y / 240 + y / 3) * (2 + y / 22))
        out.paste(ImageChops.offset(sea.crop((0, y, sea.width, y + 1)), by, 0), (0, y))
    return out.filter(ImageFilter.GaussianBlur(1.2))


def _ferry(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    hull, cabin, light = (28, 38, 52), (238, 226, 212), (255, 214, 140)
    draw.polygon([(x, y - 16), (x + 150, y - 16), (x + 134, y + 8), (x + 12, y + 8)], fill=hull)
    draw.rectangle((x + 22, y - 40, x + 112, y - 17), fill=cabin)
    draw.rectangle((x + 44, y - 58, x + 88, y - 41), fill=cabin)
    draw.rectangle((x + 70, y - 76, x + 82, y - 59), fill=hull)
    for window in range(6):
        draw.rectangle((x + 29 + 14 * window, y - 34, x + 36 + 14 * window, y - 26), fill=light)


def _board() -> Image.Image:
    image = Image.new("RGB", (1040, 150 + 84 * len(_ROWS)), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, 92), fill=_INK)
    draw.text((40, 46), "Furusund, departures", _PAPER, ImageFont.load_default(40), anchor="lm")
    draw.text((1000, 46), "Pier", _PAPER, ImageFont.load_default(28), anchor="rm")
    for number, (time, place, pier, note) in enumerate(_ROWS):
        y = 156 + 84 * number
        draw.text((40, y), time, _INK, ImageFont.load_default(42), anchor="lm")
        draw.text((220, y), place, _INK, ImageFont.load_default(42), anchor="lm")
        draw.text((560, y), note, _WARN if note == "Cancelled" else _QUIET, ImageFont.load_default(36), anchor="lm")
        draw.text((1000, y), pier, _INK, ImageFont.load_default(42), anchor="rm")
        if note == "Cancelled":
            draw.line((36, y, 160, y), fill=_WARN, width=5)
        draw.line((40, y + 42, 1000, y + 42), fill=(222, 216, 206), width=2)
    return image


def _between(one: _Colour, other: _Colour, share: float) -> _Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
