"""The zip file of an export: found, bounded, read one file at a time and never unpacked to disk."""

import json
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

# A day of a busy room is some megabytes. Whatever is larger once unpacked is a mistake or a bomb.
FILE_BYTES: Final = 64 * 1024 * 1024
SHOWN_CHARACTERS: Final = 200
PIECE_BYTES: Final = 1024 * 1024
UPLOADS: Final = "__uploads"
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError
)  # fmt: skip


class Broken(Exception):
    """A part of the archive that cannot be used; the message says which, and why."""


class Archive:
    """`users.json`, the lists of rooms, and a folder a room with a file a day; perhaps files that people have sent, as
    slackdump adds them: `__uploads/ID/NAME`.

    Raises Broken when the file is no zip file, or no export.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise Broken(f"{path.name}: {error}") from None
        self._files = {name: info for info in self._zip.infolist() if (name := _clean(info.filename))}
        root = self._root()
        if root is None:
            raise Broken(f"{path.name}: no users.json and no channels.json in it: this is no Slack export")
        self._days: dict[str, list[str]] = {}
        for name in sorted(self._files):
            folder, _, file = name.removeprefix(root).rpartition("/")
            if name.startswith(root) and folder and "/" not in folder and file.endswith(".json"):
                self._days.setdefault(folder, []).append(name)
        self._uploads: dict[str, list[str]] = {}
        for name in self._files:
            if name.startswith(f"{root}{UPLOADS}/") and name.count("/", len(root)) == 2:
                self._uploads.setdefault(name.split("/")[-2], []).append(name)
        self._top = root

    def close(self) -> None:
        self._zip.close()

    @property
    def folders(self) -> list[str]:
        return sorted(self._days)

    def days(self, folder: str) -> list[str]:
        """Names of the files of one room, oldest first."""
        return self._days.get(folder, [])

    def size(self, name: str) -> int:
        """Bytes of a file once unpacked, as the archive claims."""
        return self._files[name].file_size

    def table(self, name: str) -> list[Any]:
        """The entries of a top-level file, none if there is no such file. Raises Broken."""
        return self.entries(self._top + name) if self._top + name in self._files else []

    def has(self, name: str) -> bool:
        return self._top + name in self._files

    def entries(self, name: str) -> list[Any]:
        """The entries of a file. Raises Broken."""
        shown = self.shown(name)
        try:
            entries = json.loads(self._read(name))
        except Broken as error:
            raise Broken(f"{shown}: {error}") from None
        except json.JSONDecodeError as error:
            raise Broken(f"{shown}: line {error.lineno}, column {error.colno}: {error.msg}") from None
        except (ValueError, RecursionError) as error:
            raise Broken(f"{shown}: no JSON: {error}") from None
        if not isinstance(entries, list):
            raise Broken(f"{shown}: a list was expected")
        return entries

    def upload(self, key: str, name: str) -> str | None:
        """The file that somebody sent as `name`, by its id at Slack, if it is here: it alone stands there, or it is
        called so."""
        names = self._uploads.get(key, [])
        called = [each for each in names if each.endswith(f"/{key}/{name}")]
        return next(iter(called), names[0] if len(names) == 1 else None)

    @contextmanager
    def unpacked(self, name: str, most: int) -> Iterator[IO[bytes]]:
        """What is in a file, which has at most so many bytes, as a temporary one. Raises Broken."""
        with tempfile.SpooledTemporaryFile(max_size=PIECE_BYTES) as file:
            for piece in self._pieces(name, most):
                file.write(piece)
            yield file

    def shown(self, name: str) -> str:
        """A file's name, as reports have it."""
        return printable(name.removeprefix(self._top))

    def _read(self, name: str) -> bytes:
        return b"".join(self._pieces(name, FILE_BYTES))

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        """Reads no more than `most` bytes, whatever the archive says about the size. Raises Broken."""
        info, left = self._files[name], most
        if info.flag_bits & 1:
            raise Broken("encrypted")
        try:
            with self._zip.open(info) as file:
                while piece := file.read(min(PIECE_BYTES, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise Broken(f"larger than {most / 1024 / 1024:,.4g} MiB")
                    yield piece
            if most - left != info.file_size:
                raise zipfile.BadZipFile(f"{most - left:,} bytes instead of {info.file_size:,}")
        except _DAMAGED as error:
            raise Broken(f"damaged: {printable(str(error))}") from None

    def _root(self) -> str | None:
        """Where the export begins: at the top, or in a folder that somebody packed with it ("export/")."""
        tops = [name for name in self._files if PurePosixPath(name).name in ("users.json", "channels.json")]
        roots = [name[: name.rfind("/") + 1] for name in tops]
        return min(roots, key=lambda root: root.count("/"), default=None)


def printable(text: str) -> str:
    """What a terminal can show of it, on a line."""
    shown = "".join(each if each.isprintable() else "\ufffd" for each in text)
    return shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}…"


def _clean(name: str) -> str:
    """The name within the archive, empty for what is no file of an export."""
    path = PurePosixPath(name)
    return "" if name.endswith("/") or path.parts[:1] == ("__MACOSX",) or ".." in path.parts else str(path)
