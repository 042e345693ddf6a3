"""The link at the foot of mails. Whoever has it stops them, and can do nothing else with it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from chat.operations.notifying import mailing
from chat.streams.writer import perform
from chat.web.page import open_page, show_door


@csrf_exempt  # A mailbox posts here by itself (RFC 8058, section 3.2).
@open_page
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    person = mailing.wanting(token)
    if request.method == "POST":
        perform(mailing.stop, token)
    context = {"person": person, "stopped": request.method == "POST"}
    return show_door(request, "door/mail_stop.html", context, title="No mails any more")
