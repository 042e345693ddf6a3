"""The team of Tidewater, who make a timetable for ferries."""

from typing import Final

WORKSPACE: Final = "Tidewater"
OWNER: Final = "ada"
BOT: Final = "buildwatch"

# User name → display name, hue, time zone. The first is the owner.
TEAM: Final = {
    "ada": ("Ada Lindqvist", 7, "Europe/Stockholm"),
    "bashir": ("Bashir Haddad", 1, "Asia/Amman"),
    "chen.yu": ("Chen Yu", 4, "Asia/Shanghai"),
    "olena": ("Олена Ткачук", 10, "Europe/Kyiv"),
    "priya": ("Priya Raman", 0, "Asia/Kolkata"),
    "tomás": ("Tomás Ferreira", 5, "Europe/Lisbon"),
    "yuki": ("Yuki Satō", 9, "Asia/Tokyo"),
    "buildwatch": ("Buildwatch", 2, ""),
}
