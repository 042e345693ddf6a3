"""PDFs, good and bad."""

from __future__ import annotations

import zlib


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, the first of which is its catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), more, data)


def paper(pages: int = 1, box: bytes = b"0 0 595 842", words: bytes = b"The plan") -> bytes:
    """Words above a teal field, on each page."""
    content = b"BT /F1 48 Tf 60 740 Td (%b) Tj ET 0 0.5 0.5 rg 60 300 400 200 re f" % words
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 3 0 R/Resources<</Font<</F1 4 0 R>>>>>>" % box
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (pages, kids),
        stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * pages,
    )


def _drawn(content: bytes, *more: bytes, trailer: bytes = b"") -> bytes:
    """One page, and what its content names `I`: the fifth object."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>"
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", pages, page, content, *more, trailer=trailer)


def encrypted() -> bytes:
    """With a password that nobody knows."""
    how = b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>" % (b"41" * 32, b"42" * 32)
    return _drawn(stream(b""), how, trailer=b"/Encrypt 5 0 R/ID[<00><00>]")


def bomb() -> bytes:
    """Some kilobytes that want 800 MB of memory."""
    squeeze = zlib.compressobj()
    first, again = (squeeze.compress(b"\n" * 10_000_000) + squeeze.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return _drawn(stream(first + again * 79, b"/Filter/FlateDecode"))


def laughs() -> bytes:
    """Forms within forms: two kilobytes that are drawn a billion times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 600]"
    nested = [stream(b"/I Do " * 8, form + b"/Resources<</XObject<</I %d 0 R>>>>" % number) for number in range(6, 16)]
    return _drawn(stream(b"/I Do"), *nested, stream(b"0 0 600 600 re f", form))
