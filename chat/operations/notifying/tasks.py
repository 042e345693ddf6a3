"""What is done for notifications in the background."""

from django.utils import timezone
from django_tasks import task

from chat.models import User
from chat.operations.notifying import digest, mailing
from chat.streams import writer


@task()
def mail_unread() -> None:
    """Every few minutes: a mail to each who has not read something for a while."""
    for user in mailing.waiting(timezone.now()):
        mail_to.enqueue(user)


@task(priority=-5)
def mail_to(user_id: int) -> None:
    """Sends first, and takes note of it then: a process that dies in between lets it be sent again, under the same
    Message-ID."""
    now = timezone.now()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not mailing.wants_mails(user):
        return
    mail, ids = mailing.mail_for(user, now)
    if mail is not None:
        mail.send()
    writer.perform(mailing.mailed, ids, now)


@task()
def mail_digests() -> None:
    """Every hour: a mail to each whose morning it is."""
    for user in digest.due(timezone.now()):
        digest_to.enqueue(user)


@task(priority=-5)
def digest_to(user_id: int) -> None:
    """Sends first, as `mail_to` does."""
    now = timezone.now()
    user = User.objects.filter(pk=user_id).first()
    if user is None or user_id not in digest.due(now):
        return
    mail = digest.digest_for(user, now)
    if mail is not None:
        mail.send()
    writer.perform(digest.sent, user_id, now)
