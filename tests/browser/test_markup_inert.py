"""Hostile markup on a real page: nothing runs, nothing is fetched, nothing leaves its place."""

import pytest
from playwright.sync_api import Browser, Route

from chat.operations.rendering import render
from tests.support.markup import HOSTILE

ORIGIN = "https://parley.test"
POLICIES = {"strict": "default-src 'none'", "none": ""}


@pytest.mark.parametrize("policy", POLICIES)
def test_hostile_markup_does_nothing_in_a_browser(browser: Browser, policy: str) -> None:
    """Without a policy too: the markup itself is inert, the policy only the second wall."""
    articles = "".join(f"<article>{render(body).html}</article>" for body in HOSTILE)
    page = browser.new_page()
    asked, dialogs, complaints = [], [], []

    def serve(route: Route) -> None:
        asked.append(route.request.url)
        headers = {"Content-Security-Policy": POLICIES[policy]} if POLICIES[policy] else {}
        body = f'<!doctype html><meta charset="utf-8"><main>{articles}</main><p id="end">end</p>'
        route.fulfill(body=body, content_type="text/html", headers=headers)

    page.route("**/*", serve)
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{ORIGIN}/", wait_until="load", timeout=15_000)
    # Links would have to be clicked: every event that a hand could cause, on every element.
    page.evaluate(
        """() => {
            document.addEventListener("click", (event) => event.preventDefault());
            for (const element of document.querySelectorAll("main *"))
                for (const type of ["mouseover", "focus", "click", "toggle", "error", "load"])
                    element.dispatchEvent(new Event(type, {bubbles: true, cancelable: true}));
        }"""
    )
    assert page.locator("main > article").count() == len(HOSTILE)
    assert page.locator("#end").inner_text() == "end"
    active = "script, style, link, iframe, img, svg, video, form, base, meta, object, [style], [id], [onerror]"
    active += ", input:not([type=checkbox][disabled])"
    assert page.locator("main").locator(active).count() == 0
    schemes = page.locator("main a").evaluate_all("links => [...new Set(links.map(a => a.protocol))].sort()")
    assert schemes == ["https:", "mailto:"]
    assert (dialogs, complaints) == ([], [])
    assert set(asked) <= {f"{ORIGIN}/", f"{ORIGIN}/favicon.ico"}
    page.close()
