"""The recurring jobs of what spans the strands."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.overview.digests import send_digests
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import Every


def digest(turn: Turn) -> str:
    if not settings.EMAIL_URL:
        return gettext("No e-mail is set up (GUANTONG_EMAIL_URL): nothing was sent.")
    return gettext("%(count)s digests were sent.") % {"count": send_digests(now=turn.now)}


add_job(
    # What went out can't be taken back: each digest is marked by itself.
    Job("overview.digest", _("Send the daily digest"), Every.DAY, digest, is_one_transaction=False)
)
