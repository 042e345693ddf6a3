"""What is read out of a page, whatever it is written in."""

from __future__ import annotations

import time

import pytest

from chat.operations.previews.charsets import text_of
from chat.operations.previews.links import has_links, links
from chat.operations.previews.pages import DESCRIPTION_CHARACTERS, SITE_CHARACTERS, TITLE_CHARACTERS, facts
from chat.operations.previews.targets import NotFetched, target
from chat.operations.rendering import render


def title(html: str) -> str:
    return facts(html).title


def test_what_is_made_for_cards_comes_first() -> None:
    found = facts("""<title>Plain</title><meta name="description" content="Plain words">
        <meta name=twitter:title content='Tweeted'><META PROPERTY="og:title" CONTENT="Open">
        <meta content="Open words" property="og:description"><meta property=og:site_name content=Site>
        <meta property="og:image" content=" /one.png "><meta property="og:image" content="/two.png">""")
    assert (found.title, found.description, found.site, found.image) == ("Open", "Open words", "Site", "/one.png")


def test_a_page_that_knows_nothing_of_cards() -> None:
    found = facts("<html><head><title> The\n night &amp; run </title><meta name=description content='So it was'>")
    assert (found.title, found.description, found.site, found.image) == ("The night & run", "So it was", "", "")


def test_what_is_empty_counts_for_nothing() -> None:
    assert title('<meta property="og:title" content=""><title>There</title>') == "There"
    assert facts("") == facts("<p>words</p>") == facts("<title></title>")


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <title>No</title> --><title>Yes</title>",
        "<script>'<title>No</title>'</script><title>Yes</title>",
        "<style>/* <title>No</title> */</style><title>Yes</title>",
        "<svg><title>No</title></svg><title>Yes</title>",
        '<meta name="x" content="<title>No</title>"><title>Yes</title>',
        "<titles>No</titles><title>Yes</title><title>No</title>",
        "<title>Yes</title></head><meta property=og:title content=No>",
        "<title>Yes</title><body><meta property=og:title content=No>",
        "<title lang=en>Yes</title >",
        "< title>No</title><title>Yes",
    ],
)
def test_only_the_head_speaks(html: str) -> None:
    assert title(html) == "Yes"


def test_html_in_a_title_is_text() -> None:
    assert title("<title>&lt;img src=x onerror=alert(1)&gt;</title>") == "<img src=x onerror=alert(1)>"
    assert title("<title><b>Bold</b></title>") == "<b>Bold</b>"


def test_what_is_not_seen_goes() -> None:
    assert title("<title>a\u202eb\u0000c\u200fd&#x202e;e&#0;f&#xd800;</title>") == "abcde\ufffdf\ufffd"


def test_what_joins_letters_stays() -> None:
    assert title("<title>می\u200cخواهم 👩\u200d🚀</title>") == "می\u200cخواهم 👩\u200d🚀"


def test_what_is_long_is_cut() -> None:
    found = facts(f"<title>{'x' * 100_000}</title><meta name=description content={'y' * 9000}>")
    assert len(found.title) == TITLE_CHARACTERS and found.title.endswith("x…")
    assert len(found.description) == DESCRIPTION_CHARACTERS
    assert len(facts(f"<meta property=og:site_name content={'z' * 900}>").site) == SITE_CHARACTERS


# fmt: off
HOSTILE = [
    "<", "<!--", "<!", "</", "<a ", "<a a=", "<meta ", "<meta a='", '<meta a="', "<meta a= ", "<meta a \n", "<title>",
    "<script>", "<script", "&", "&lt", "&#", "=", "<meta '\"", "<meta content='&amp", "İ<title", "x", " ",
]
NEVER_FETCHED = [
    "https://ada:secret@a.example/", "https://ada@a.example/", "https://a.example:8443/", "ftp://a.example/",
    "https://", "https://a b.example/", "https://[::1", "https://a.example:x/", "//a.example/", "http:a.example",
    "https://a.example/" + "x" * 5000,
]
# fmt: on


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_scan_takes_no_longer_than_the_page_is_long(piece: str) -> None:
    """Half a MiB each, of what takes html.parser minutes."""
    begun = time.perf_counter()
    facts(piece * (512 * 1024 // len(piece)))
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("äß".encode(), "", "äß"),
        ("äß".encode("latin-1"), "iso-8859-1", "äß"),
        ("“ä”".encode("cp1252"), "latin1", "“ä”"),
        ("тест".encode("koi8-r"), "koi8-r", "тест"),
        ("試験".encode("shift_jis"), "Shift_JIS", "試験"),
        ("\ufeffäß".encode("utf-16-le"), "utf-8", "äß"),
        ("\ufeffäß".encode(), "latin1", "äß"),
        (b'<meta charset="windows-1251">' + "тест".encode("cp1251"), "", '<meta charset="windows-1251">тест'),
        (b"<meta content='text/html; charset=big5'>" + "中".encode("big5"), "", None),
        (b"\xff\xfe\xff\xff\x00\xd8", "", "\uffff\ufffd"),
        (b"\xc3(", "utf-8", "\ufffd("),
        ("äß".encode(), "no-such-charset", "äß"),
        ("äß".encode(), "rot13", "äß"),
        (b"xn--a" * 1000, "punycode", "xn--a" * 1000),
        (b"\\x41", "unicode_escape", "\\x41"),
        (b"+ADw-", "utf-7", "+ADw-"),
    ],
)
def test_bytes_become_text(data: bytes, charset: str, text: str | None) -> None:
    assert text_of(data, charset) == text if text is not None else text_of(data, charset).endswith("中")


# Links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("no link", []),
        ("https://a.example/x?a=1&b=2", ["https://a.example/x?a=1&b=2"]),
        ("[words](http://a.example) https://b.example/", ["http://a.example", "https://b.example/"]),
        ("https://a.example/#one https://a.example/#two", ["https://a.example/#one"]),
        (" ".join(f"https://{name}.example/" for name in "abcde"), [f"https://{name}.example/" for name in "abc"]),
        ("`https://a.example` and\n```\nhttps://b.example\n```", []),
        ("||see https://a.example/ here|| https://b.example/", ["https://b.example/"]),
        ("ada@a.example [mail](mailto:ada@a.example)", []),
        ("https://a.example/" + "x" * 3000, []),
    ],
)
def test_the_links_of_a_message(body: str, found: list[str]) -> None:
    html = render(body).html
    assert links(html) == found
    assert has_links(html) or not found


def test_a_tag_that_was_typed_is_no_link() -> None:
    assert not has_links(render('<a href="http">x</a>').html)


@pytest.mark.parametrize("url", NEVER_FETCHED)
def test_addresses_that_are_not_fetched(url: str) -> None:
    with pytest.raises(NotFetched):
        target(url)


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://a.example", "a.example", "/"),
        ("https://Bücher.example/ä ö?q=ü#x", "xn--bcher-kva.example", "/%C3%A4%20%C3%B6?q=%C3%BC"),
        ("http://a.example:80/%41?", "a.example", "/%41"),
        ("https://a.example/\r\nX: y", "a.example", "/X:%20y"),
    ],
)
def test_addresses_are_written_out(url: str, host: str, path: str) -> None:
    found = target(url)
    assert (found.host, found.path) == (host, path)
    assert bytes(found.url)
