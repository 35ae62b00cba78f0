"""What a look over an installation finds: deployment, work undone, things that don't fit."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.evidence.models import File
from guantong.kit.days import day_of
from guantong.ledger.queries import latest_checkpoint, unsequenced
from guantong.overview.queries import waiting_for_handover
from guantong.overview.rules import is_loopback
from guantong.people.models import Appointment
from guantong.people.rules import ADMINISTRATOR, COORDINATOR
from guantong.records.models import Comment, Record
from guantong.routine.queries import LATE, failed_runs, is_working, waiting_since
from guantong.units.models import Unit

LITTLE_ROOM = 1 << 30
LOOKED_BACK = datetime.timedelta(7)
SIGNED_WITHIN = datetime.timedelta(2)


class Severity(IntEnum):
    """How much it matters: an error stops or falsifies work."""

    ERROR = 3
    WARNING = 2
    NOTE = 1


@dataclass(frozen=True)
class Finding:
    """One thing found: what it is and what to do, and the page that shows it, if any."""

    severity: Severity
    sentence: str
    url: str = ""


Check = Callable[[datetime.datetime], Iterator[Finding]]


def look_over(now: datetime.datetime) -> list[Finding]:
    """Make all checks, the worst first; without its tables nothing more can be asked."""
    found = list(shape(now))
    if not found:
        for check in CHECKS:
            found += check(now)
    return sorted(found, key=lambda one: -one.severity)


def shape(now: datetime.datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            Severity.ERROR,
            _("The database is not in the shape that this version wants: run “guantong migrate”."),
        )


def framework(now: datetime.datetime) -> Iterator[Finding]:
    """What Django finds in settings and models."""
    for message in run_checks():
        severity = Severity.ERROR if message.level >= ERROR else Severity.WARNING
        yield Finding(severity, str(message))


def deployment(now: datetime.datetime) -> Iterator[Finding]:
    if settings.DEBUG:
        sentence = _("GUANTONG_DEBUG is set: failures show their innards. Take it away.")
        yield Finding(Severity.ERROR, sentence)
    is_public = not all(is_loopback(host) for host in settings.ALLOWED_HOSTS)
    if is_public and not settings.IS_BEHIND_HTTPS:
        sentence = _(
            "It answers to more than this machine (GUANTONG_HOSTS) without HTTPS: put a proxy that "
            "speaks HTTPS in front and set GUANTONG_HTTPS=1."
        )
        yield Finding(Severity.ERROR, sentence)
    if is_public and Campaign.objects.filter(is_demonstration=True).exists():
        sentence = _("A demonstration is served to more than this machine.")
        yield Finding(Severity.WARNING, sentence)
    if not settings.EMAIL_URL:
        sentence = _("No e-mail is set up (GUANTONG_EMAIL_URL): nobody gets a digest.")
        yield Finding(Severity.NOTE, sentence)
    elif not settings.ADDRESS:
        sentence = _("Digests name no links: set GUANTONG_ADDRESS to where people reach this.")
        yield Finding(Severity.WARNING, sentence)


def home(now: datetime.datetime) -> Iterator[Finding]:
    for path in sorted((settings.HOME / "keys").glob("*")):
        if path.suffix != ".vkey" and path.stat().st_mode & 0o077:
            sentence = _("%(file)s can be read by others: chmod 600.")
            yield Finding(Severity.ERROR, sentence % {"file": path})
    free = shutil.disk_usage(settings.HOME).free
    if free < LITTLE_ROOM:
        sentence = _("Only %(free)s MB are free where the installation lives.")
        yield Finding(Severity.WARNING, sentence % {"free": free // (1 << 20)})
    held = File.objects.filter(attachments__redacted=False).distinct()
    missing = [file.sha256 for file in held if not os.path.exists(file.path)]
    if missing:
        sentence = _(
            "Files of evidence that are missing: %(count)s, the first %(hash)s. Restore them."
        )
        yield Finding(Severity.ERROR, sentence % {"count": len(missing), "hash": missing[0]})


def routine(now: datetime.datetime) -> Iterator[Finding]:
    page = reverse("routine")
    if not is_working(now):
        sentence = _(
            "No worker takes turns: “guantong serve” runs one beside it, “guantong work” one alone."
        )
        yield Finding(Severity.WARNING, sentence, page)
    for run in failed_runs(now - LOOKED_BACK):
        sentence = _("The job %(job)s was given up: %(said)s")
        yield Finding(Severity.ERROR, sentence % {"job": run.job, "said": run.said[:200]}, page)
    if waiting := waiting_since(now - LATE):
        sentence = _(
            "%(count)s pieces of long work wait for a worker: “guantong serve” runs one beside it, "
            "“guantong work” one alone."
        )
        yield Finding(Severity.WARNING, sentence % {"count": waiting})


def ledger(now: datetime.datetime) -> Iterator[Finding]:
    page = reverse("ledger")
    latest, waiting = latest_checkpoint(), unsequenced().count()
    if waiting and (latest is None or now - latest.signed_at > SIGNED_WITHIN):
        sentence = _(
            "Entries under no checkpoint: %(count)s; “guantong ledger checkpoint” signs one."
        )
        yield Finding(Severity.WARNING, sentence % {"count": waiting}, page)


def offices(now: datetime.datetime) -> Iterator[Finding]:
    current = Appointment.objects.current(day_of(now)).filter(person__is_active=True)
    page = reverse("people")
    if not Unit.objects.exists():
        yield Finding(Severity.ERROR, _("Nothing is set up yet: run “guantong init”."))
    elif not current.filter(role=ADMINISTRATOR).exists():
        sentence = _("Nobody is system administrator: nobody can give roles.")
        yield Finding(Severity.ERROR, sentence, page)
    for campaign in Campaign.objects.open():
        over = Unit.objects.above(campaign.unit) | Unit.objects.filter(pk=campaign.unit_id)
        if not current.filter(role=COORDINATOR, unit__in=over.values("pk")).exists():
            sentence = _("“%(campaign)s” has no coordinator.")
            yield Finding(Severity.ERROR, sentence % {"campaign": campaign}, page)


def undone(now: datetime.datetime) -> Iterator[Finding]:
    for campaign in Campaign.objects.all():
        named = {"campaign": campaign}
        if campaign.closed_on is not None:
            left = Record.objects.filter(campaign=campaign, kind="problem").unended()
            count = left.exclude(outbound__kind="carried_forward").count()
            if count:
                sentence = _(
                    "Problems that stand open in “%(campaign)s”, which is closed: %(count)s."
                )
                yield Finding(
                    Severity.WARNING, sentence % {**named, "count": count}, reverse("campaigns")
                )
            continue
        waiting = waiting_for_handover(campaign=campaign, seen_by=None, on=campaign.day_of(now))
        if waiting:
            sentence = _("Records in “%(campaign)s” that wait for a successor: %(count)s.")
            said = sentence % {**named, "count": len(waiting)}
            yield Finding(Severity.WARNING, said, reverse("handover"))
        asked = Comment.objects.filter(
            record__campaign=campaign,
            is_question=True,
            answered_by__isnull=True,
            written_at__lt=now - LOOKED_BACK,
        ).count()
        if asked:
            sentence = _(
                "Questions in “%(campaign)s” without an answer for over a week: %(count)s."
            )
            yield Finding(Severity.NOTE, sentence % {**named, "count": asked})


CHECKS: tuple[Check, ...] = (framework, deployment, home, routine, ledger, offices, undone)
