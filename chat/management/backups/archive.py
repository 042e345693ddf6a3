"""The file: a gzipped tar of `manifest.json`, the database, the secret key, and what people have sent.

The database comes first and the files after it: a file that a message names is there before the message is.
"""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
KEPT: Final = ("secret-key", "files")
"""Below PARLEY_DATA. Static files are made anew, and SQLite's own files are the database."""
FORMAT: Final = 1


class Broken(Exception):
    """This is no backup that can be read, and why."""


@dataclass(frozen=True)
class Manifest:
    made_at: str
    engine: str
    """Of the database: `sqlite` or `postgresql`."""
    format: int = FORMAT


def write(path: Path, manifest: Manifest, database: Path, data: Path) -> None:
    """Writes the backup beside its place and moves it there when it is whole, readable by its owner alone."""
    partial = path.with_name(f".{path.name}.partial")
    described = json.dumps(asdict(manifest)).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(described)
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
                tar.addfile(entry, io.BytesIO(described))
                tar.add(database, DATABASE)
                for each in _files(data):
                    _add(tar, each, str(each.relative_to(data)))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _files(data: Path) -> Iterator[Path]:
    for name in KEPT:
        if (data / name).is_file():
            yield data / name
        for folder, _, names in os.walk(data / name):
            yield from (Path(folder) / each for each in names)


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    """Not by `tar.add`, which fails when a file is deleted between being found and being read."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        tar.addfile(tar.gettarinfo(arcname=name, fileobj=file), file)


def read(path: Path, into: Path) -> Manifest:
    """Unpacks a backup into an empty folder. Raises Broken."""
    try:
        with tarfile.open(path, "r:gz") as tar:
            tar.extractall(into, filter="data")
        found = Manifest(**json.loads((into / MANIFEST).read_text()))
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise Broken(f"{path} is no backup of Parley, or not whole: {error}") from None
    if found.format != FORMAT:
        raise Broken(f"{path} has format {found.format}; this Parley reads {FORMAT}")
    if not (into / DATABASE).is_file():
        raise Broken(f"{path} holds no database")
    return found
