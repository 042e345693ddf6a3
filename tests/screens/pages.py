"""Pages as they are when one comes."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.screens.states import OWNER, state


def page(name: str, path: str, *, who: str | None = OWNER) -> None:
    @state(name, who=who)
    def _(page: Page) -> None:
        page.goto(path)


page("sign-in", "/sign-in/", who=None)
page("invitation-used", "/invite/nothing-here/", who=None)
page("password-reset", "/password/reset/", who=None)
page("rooms", "/rooms/")
page("room-outside", "/rooms/engineering/", who="bashir")
page("room-new", "/rooms/new/")
page("room-settings", "/rooms/general/settings/")
page("reports", "/rooms/engineering/reports/")
page("reports-empty", "/rooms/general/reports/")
page("room-log", "/rooms/announcements/log/")
page("incoming-hooks", "/rooms/general/incoming/")
page("outgoing-hooks", "/rooms/general/hooks/")
page("people", "/people/")
page("notifications", "/notifications/")
page("notifications-empty", "/notifications/?show=direct", who="chen.yu")
page("notify-settings", "/profile/notifications/")
page("threads", "/threads/")
page("threads-empty", "/threads/", who="bashir")
page("pins", "/rooms/general/pins/")
page("pins-empty", "/rooms/design/pins/")
page("kept", "/kept/")
page("kept-empty", "/kept/", who="bashir")
page("profile", "/profile/")
page("password-change", "/password/change/")
page("tokens", "/profile/tokens/")
page("invitations", "/invitations/")
page("workspace", "/workspace/")
page("bots", "/workspace/bots/")
page("not-found", "/rooms/nowhere/")
page("no-connection", "/offline/")
page("new-direct", "/people/olena/")
page("search-empty", "/search/")
page("search-found", "/search/?q=the+run")
page("search-best", "/search/?q=the&sort=best")
page("search-files", "/search/?q=has%3Afile")
page("search-from", "/search/?q=from%3Ayuki+in%3A%23engineering+bundle")
page("search-nothing", "/search/?q=zeppelin")
page("search-refused", "/search/?q=from%3Anobody")


@state("room-members")
def _(page: Page) -> None:
    page.goto("/rooms/general/settings/")
    page.locator("#members").scroll_into_view_if_needed()
    page.get_by_label("Mute Chen Yu").click()


@state("room-ban")
def _(page: Page) -> None:
    page.goto("/rooms/general/settings/")
    page.locator("#members").scroll_into_view_if_needed()
    page.get_by_label("Ban Chen Yu").click()
