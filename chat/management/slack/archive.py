"""The zip file of an export: found, bounded, read one file at a time and never unpacked to disk."""

import json
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any, Final

# A day of a busy room is some megabytes. Whatever is larger once unpacked is a mistake or a bomb.
FILE_BYTES: Final = 64 * 1024 * 1024


class Broken(Exception):
    """A part of the archive that cannot be used; the message says which, and why."""


class Archive:
    """`users.json`, the lists of rooms, and a folder a room with a file a day.

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
        shown = name.removeprefix(self._top)
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

    def shown(self, name: str) -> str:
        """A file's name, as reports have it."""
        return name.removeprefix(self._top)

    def _read(self, name: str) -> bytes:
        """Reads no more than FILE_BYTES, whatever the archive says about the size."""
        try:
            with self._zip.open(self._files[name]) as file:
                data = file.read(FILE_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Broken(f"damaged: {error}") from None
        if len(data) > FILE_BYTES:
            raise Broken(f"larger than {FILE_BYTES // 1024 // 1024} MiB")
        return data

    def _root(self) -> str | None:
        """Where the export begins: at the top, or in a folder that somebody packed with it ("export/")."""
        tops = [name for name in self._files if PurePosixPath(name).name in ("users.json", "channels.json")]
        roots = [name[: name.rfind("/") + 1] for name in tops]
        return min(roots, key=lambda root: root.count("/"), default=None)


def _clean(name: str) -> str:
    """The name within the archive, empty for what is no file of an export."""
    path = PurePosixPath(name)
    return "" if name.endswith("/") or path.parts[:1] == ("__MACOSX",) or ".." in path.parts else str(path)
