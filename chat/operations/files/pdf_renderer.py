"""The program that draws the first page of a PDF, in a process of its own: nothing else dies of what the file holds.

Reads the file from standard input; writes the number of pages as a line, and a WEBP file. Run as a file: of Parley it
needs nothing.
"""

import io
import os
import resource
import sys
from typing import Final

MEMORY_BYTES: Final = 512 << 20
CPU_SECONDS: Final = 10
PAGE_PIXELS: Final = 1440
"""Of the longer side: enough to be read where the browser has no viewer."""


def confine() -> None:
    """Before anything of the file is read."""
    os.nice(10)
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def main() -> None:
    confine()
    import pypdfium2

    with pypdfium2.PdfDocument(sys.stdin.buffer) as pdf:
        pdf.init_forms()  # what was filled in is shown
        page = pdf[0]
        image = page.render(scale=PAGE_PIXELS / max(page.get_size())).to_pil()
        out = io.BytesIO()
        image.save(out, "WEBP", quality=80)
        sys.stdout.buffer.write(b"%d\n" % len(pdf) + out.getvalue())


if __name__ == "__main__":
    main()
