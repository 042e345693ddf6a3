"""What people type, as it will stand on the page."""

from collections.abc import Collection, Mapping

import pytest

from chat.operations.rendering import Rendered, full, render, words

IDS = {"ada": 3, "bob": 8, "josé.l": 9, "dash-": 11, "straße": 12, "strasse": 12}


def people(keys: Collection[str]) -> Mapping[str, int]:
    return {key: IDS[key] for key in keys if key in IDS}


def html(body: str) -> str:
    return render(body, people=people).html


def mention(user: int, text: str) -> str:
    return f'<span class="mention" data-user="{user}">{text}</span>'


def link(url: str, text: str | None = None) -> str:
    return f'<a href="{url}" target="_blank" rel="noopener nofollow ugc">{text or url}</a>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Morning all.", "<p>Morning all.</p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>"),
        (
            "**bold** *it* ~~gone~~ `x < y`",
            "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>x &lt; y</code></p>",
        ),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("4. a\n5. b", '<ol start="4">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("# Plan", "<h4>Plan</h4>"),
        ("###### Small", "<h6>Small</h6>"),
        ("Not a heading\n---", "<p>Not a heading</p>\n<hr>"),
        ("snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"),
    ],
)
def test_markdown_of_chat(body: str, expected: str) -> None:
    assert html(body) == expected


def test_a_table_keeps_its_alignment_as_classes() -> None:
    assert html("|a|b|\n|-|-:|\n|1|2|") == (
        '<table>\n<thead>\n<tr>\n<th>a</th>\n<th class="align-right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>1</td>\n<td class="align-right">2</td>\n</tr>\n</tbody>\n</table>'
    )


def test_code_is_coloured_by_classes() -> None:
    assert html("```py\nreturn 1\n```") == (
        '<pre><code class="language-python"><span class="k">return</span> <span class="mi">1</span>\n</code></pre>'
    )


@pytest.mark.parametrize("info", ["", "nosuchlanguage", 'x" onmouseover="alert(1)', "terraform"])
def test_code_of_no_known_language_stays_plain(info: str) -> None:
    assert html(f"```{info}\na < b\n```") == "<pre><code>a &lt; b\n</code></pre>"


def test_more_code_than_the_budget_stays_plain() -> None:
    assert "<span" not in html("```python\n" + "return 1\n" * 1_700 + "```")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("see https://example.org/a_b?c=d&e.", f"see {link('https://example.org/a_b?c=d&amp;e')}."),
        ("[docs](https://example.org)", link("https://example.org", "docs")),
        ("<https://example.org/>", link("https://example.org/")),
        ("ask bob@example.org", f"ask {link('mailto:bob@example.org', 'bob@example.org')}"),
        ("main.py and example.com", "main.py and example.com"),
        ("![cat](https://example.org/cat.png)", link("https://example.org/cat.png", "cat")),
        ("![](https://example.org/cat.png)", link("https://example.org/cat.png")),
        ("[![cat](https://a.org/c.png)](https://b.org)", link("https://b.org", "cat")),
        ("[here](/rooms/general/)", "[here](/rooms/general/)"),
        ("ftp://example.org //example.org", "ftp://example.org //example.org"),
    ],
)
def test_links(body: str, expected: str) -> None:
    assert html(body) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@ada: hi", f"{mention(3, '@ada')}: hi"),
        ("(@Bob)", f"({mention(8, '@Bob')})"),
        ("thanks @José.L.", f"thanks {mention(9, '@José.L')}."),
        ("@Straße", mention(12, "@Straße")),
        ("@dash- is not @ada-", f"{mention(11, '@dash-')} is not {mention(3, '@ada')}-"),
        ("**@ada**", f"<strong>{mention(3, '@ada')}</strong>"),
        ("@nobody", "@nobody"),
        ("`@ada`", "<code>@ada</code>"),
        ("\\@ada", "@ada"),
        ("x@ada @@ada /@ada", "x@ada @@ada /@ada"),
        ("[@ada](https://a.org)", link("https://a.org", "@ada")),
        ("https://a.org/@ada", link("https://a.org/@ada")),
    ],
)
def test_mentions(body: str, expected: str) -> None:
    assert html(body) == f"<p>{expected}</p>"


def test_people_are_named_once_and_in_order() -> None:
    assert render("@bob and @ada and @BOB", people=people).mentioned == (8, 3)
    assert render("**@bob** and @ada and @BOB", people=people).mentioned == (8, 3)


def test_people_are_asked_once_and_only_for_what_looks_like_a_mention() -> None:
    asked: list[set[str]] = []

    def note(keys: Collection[str]) -> Mapping[str, int]:
        asked.append(set(keys))
        return {}

    render("nobody here, `@code`", people=note)
    assert asked == []
    render("*@one*\n\n- @Two.\n- @three-", people=note)
    assert asked == [{"one", "two", "three-", "three"}]


def test_a_flood_of_names_is_looked_up_in_part() -> None:
    def everybody(keys: Collection[str]) -> Mapping[str, int]:
        return {key: int(key[1:]) for key in keys}

    body = " ".join(f"@p{number}" for number in range(2_000))
    assert len(render(body, people=everybody).mentioned) == 100
    assert render(f"*{body}*", people=everybody).mentioned == render(body, people=everybody).mentioned


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("/me waves", '<p class="action">waves</p>'),
        ("/me nods at @ada", f'<p class="action">nods at {mention(3, "@ada")}</p>'),
        ("/me is **sure**\n# about it", '<p class="action">is <strong>sure</strong><br>\n# about it</p>'),
        ("/me", "<p>/me</p>"),
        ("/me ", "<p>/me</p>"),
        ("/mean", "<p>/mean</p>"),
    ],
)
def test_actions(body: str, expected: str) -> None:
    assert html(body) == expected


def spoiler(words: str) -> str:
    return f'<mark class="spoiler"><span>{words}</span></mark>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It was ||the **butler**||!", f"It was {spoiler('the <strong>butler</strong>')}!"),
        ("||one\ntwo||", spoiler("one<br>\ntwo")),
        ("||@ada||", spoiler(mention(3, "@ada"))),
        ("||a ||b|| c||", spoiler("a b c")),
        ("||https://a.org/x?y|z||", spoiler(link("https://a.org/x?y%7Cz", "https://a.org/x?y|z"))),
        ("||a [x ||b|| y](https://a.org) c||", spoiler(f"a {link('https://a.org', 'x b y')} c")),
        ("`||a||` and a || b || c and ||||", "<code>||a||</code> and a || b || c and ||||"),
        ("|||a||| and \\||b||", "|||a||| and ||b||"),
    ],
)
def test_spoilers(body: str, expected: str) -> None:
    assert html(body) == f"<p>{expected}</p>"


def test_in_a_table_bars_are_bars() -> None:
    assert "spoiler" not in html("|a|b|c|\n|-|-|-|\n|1||2||")


def task(words: str, *, done: bool = False) -> str:
    checked = 'checked="" ' if done else ""
    return f'<li class="task"><input type="checkbox" {checked}disabled=""> {words}</li>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("- [ ] to do", f"<ul>\n{task('to do')}\n</ul>"),
        ("1. [x] **done**", f"<ol>\n{task('<strong>done</strong>', done=True)}\n</ol>"),
        ("- [X] @ada", f"<ul>\n{task(mention(3, '@ada'), done=True)}\n</ul>"),
        ("- [x](https://a.org)", f"<ul>\n<li>{link('https://a.org', 'x')}</li>\n</ul>"),
        ("- [x]\n- [ ]y\n- \\[x] z", "<ul>\n<li>[x]</li>\n<li>[ ]y</li>\n<li>[x] z</li>\n</ul>"),
        ("[x] no list", "<p>[x] no list</p>"),
    ],
)
def test_tasks(body: str, expected: str) -> None:
    assert html(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Done :tada:", "Done 🎉"),
        ("*:+1:* :Tada::tada:你好:tada:", "<em>👍</em> 🎉🎉你好🎉"),
        (":wave::skin-tone-3: :tada::skin-tone-3:", "👋🏼 :tada::skin-tone-3:"),
        ("`:tada:` \\:tada: :nosuchname: 10:100:20", "<code>:tada:</code> :tada: :nosuchname: 10:100:20"),
        ("https://a.org/:tada:", link("https://a.org/:tada:")),
        ("[:tada: party](https://a.org)", link("https://a.org", "🎉 party")),
        (":tada: @ada", f"🎉 {mention(3, '@ada')}"),
    ],
)
def test_emoji_by_name(body: str, expected: str) -> None:
    assert html(body) == f"<p>{expected}</p>"


def test_emoji_in_blocks_of_code_keep_their_names() -> None:
    assert html("```\n:tada:\n```") == "<pre><code>:tada:\n</code></pre>"


def test_the_words_of_a_message_hide_what_it_hides() -> None:
    assert words(html("**It** was ||the @ada||,\n\n> x < ||y||\n- [x] z")) == "It was [spoiler], x < [spoiler] z"


@pytest.mark.parametrize("body", ["#", ">", "-", "> >", "1.", "&nbsp;", "[](https://a.org)", "``` "])
def test_a_message_is_never_empty_on_the_page(body: str) -> None:
    assert html(body) == f"<p>{body.strip().replace('&', '&amp;').replace('>', '&gt;')}</p>"


def test_what_no_operation_lets_pass_does_no_harm() -> None:
    assert full("a\x00b\ud800c") == Rendered("<p>a\ufffdb\ufffdc</p>")
    assert render("") == Rendered("<p></p>")
