"""Bytes of a page as text, whatever it says of itself. Nothing here raises."""

import codecs
import re
from typing import Final

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?([\w.:-]{1,40})""", re.IGNORECASE)
_META_BYTES: Final = 4096
# Python knows more than the web does, some of it slow (punycode, idna), some no text at all (zip, rot13).
_OF_THE_WEB: Final = re.compile(
    r"utf-?(8|16|16-?le|16-?be)|(us-)?ascii|latin-?1|iso-?8859-?\d{1,2}|windows-?(125\d|874|31j|949)|cp(125\d|866|874|932|949)"
    r"|koi8-[ru]|mac(intosh|-cyrillic)|gb(k|2312|18030)|big5(-hkscs)?|shift[-_]jis|sjis|euc-?(jp|kr)|iso-2022-jp"
)


def text_of(data: bytes, charset: str) -> str:
    """By its byte order mark, else by `charset` from the header, else as a `<meta>` says, else UTF-8."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    said = _META.search(data[:_META_BYTES])
    for name in (charset, said[1].decode("latin-1") if said else ""):
        if (decoded := _decoded(data, name)) is not None:
            return decoded
    return data.decode("utf-8", "replace")


def _decoded(data: bytes, name: str) -> str | None:
    name = name.lower()
    if not _OF_THE_WEB.fullmatch(name):
        return None
    if name in ("latin1", "latin-1", "ascii", "us-ascii", "iso-8859-1", "iso8859-1"):
        name = "cp1252"  # as browsers have it
    try:
        return data.decode(name, "replace")
    except (LookupError, ValueError):
        return None
