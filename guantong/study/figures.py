"""The figures of study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import COUNT, DISTINCT, RATIO, Figure, Scope, register
from guantong.people.rules import SEEING_ROLES
from guantong.records.models import Partner, Record, RecordQuerySet
from guantong.records.visibility import units_under, widest
from guantong.study.models import Contribution
from guantong.study.rules import HELD, LINKED
from guantong.units.models import Unit, UnitKind

# Units that are expected to study by themselves; offices study with the unit they belong to.
STUDYING = (
    UnitKind.DEPARTMENT,
    UnitKind.AFFILIATED,
    UnitKind.UNIVERSITY,
    UnitKind.PROVINCIAL,
    UnitKind.COMPANY,
)

FORMAT = (_("Format"), "session__format")
MODE = (_("Mode"), "session__mode")
OWN_FORMAT = (_("The campaign's own format"), "session__own_format__name")
SITTING_KIND = (_("Kind of sitting"), "session__sitting_kind")


def held(scope: Scope) -> QuerySet[Record]:
    return scope.standing(scope.of_kind("session"), HELD)


def sittings(scope: Scope) -> QuerySet[Record]:
    return held(scope).filter(session__series__isnull=False)


def contributions(scope: Scope) -> QuerySet[Contribution]:
    return Contribution.objects.filter(session__in=held(scope).values("pk"))


def ideas(scope: Scope) -> RecordQuerySet:
    return scope.of_kind("idea")


def ideas_taken_up(scope: Scope) -> QuerySet[Record]:
    return scope.standing(ideas(scope), LINKED)


def seen_units(scope: Scope) -> QuerySet[Unit]:
    """The units whose sessions the viewer can see all of: of others none can be said to lack."""
    grants = scope.viewer.grants(scope.today)
    seen = widest([grant.path for grant in grants if grant.role in SEEING_ROLES])
    found = scope.units().filter(units_under(seen))
    return found.filter(Q(closed_on=None) | Q(closed_on__gt=scope.as_of))


def studied(scope: Scope) -> Any:
    """The ids of the units that held a session or took part in one, whoever's it is."""
    sessions = Record.objects.filter(campaign=scope.campaign, kind="session", is_hidden=False)
    sessions = scope.standing(sessions.opened_by(scope.as_of), HELD)
    took_part = Partner.objects.filter(record__in=sessions.values("pk"))
    return sessions.values("unit").union(took_part.values("unit"))


def units_without_session(scope: Scope) -> QuerySet[Unit]:
    return seen_units(scope).filter(kind__in=STUDYING).exclude(pk__in=studied(scope))


def behind_requirements(scope: Scope) -> QuerySet[Unit]:
    """The units that have fewer sessions than a requirement whose day has come asks for."""
    units = seen_units(scope).filter(kind__in=STUDYING)
    required = list(scope.campaign.study_requirements.filter(by_on__lte=scope.as_of))
    if not required:
        return units.none()
    behind: set[int] = set()
    studying = set(units.values_list("pk", flat=True))
    for one in required:
        counts = sessions_of_units(scope, one.format)
        behind |= {unit for unit in studying if counts[unit] < one.sessions}
    return units.filter(pk__in=behind)


def sessions_of_units(scope: Scope, format_: str) -> Counter[int]:
    """How many sessions each unit held or took part in by the day, whoever's they were."""
    sessions = Record.objects.filter(campaign=scope.campaign, kind="session", is_hidden=False)
    sessions = scope.standing(sessions.opened_by(scope.as_of), HELD)
    if format_:
        sessions = sessions.filter(session__format=format_)
    ids = sessions.values("pk")
    own = sessions.values_list("pk", "unit")
    joined = Partner.objects.filter(record__in=ids).values_list("record", "unit")
    return Counter(unit for _session, unit in {*own, *joined})


def requirements_kept(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    rest = seen_units(scope).exclude(pk__in=behind_requirements(scope).values("pk"))
    return [
        (_("units that have as many sessions as is required"), rest.filter(kind__in=STUDYING)),
        (
            _("the organisation, its leadership and offices, which study with their units"),
            rest.exclude(kind__in=STUDYING),
        ),
    ]


def units_excluded(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    others = seen_units(scope).exclude(pk__in=units_without_session(scope).values("pk"))
    return [
        (_("units with a session"), others.filter(kind__in=STUDYING)),
        (
            _("the organisation, its leadership and offices, which study with their units"),
            others.exclude(kind__in=STUDYING),
        ),
    ]


register(
    Figure(
        code="study.sessions_held",
        label=_("Sessions held"),
        definition=_(
            "Study sessions that were held by the day. Sessions that are only scheduled or were "
            "cancelled are not counted."
        ),
        records=held,
        is_standing=True,
        by={
            "format": FORMAT,
            "own_format": OWN_FORMAT,
            "mode": MODE,
            "sitting_kind": SITTING_KIND,
        },
    )
)
register(
    Figure(
        code="study.series_held",
        label=_("Series with sittings"),
        definition=_(
            "Different series (classes and courses) of which at least one sitting was held by the "
            "day. A series whose sittings are all still to come is not counted."
        ),
        records=sittings,
        shape=DISTINCT,
        of="session__series",
        by={"format": FORMAT},
    )
)
register(
    Figure(
        code="study.series_sittings",
        label=_("Sittings of series"),
        definition=_(
            "Sessions held by the day that are sittings of a series, its opening, exchange and "
            "closing among them. Single sessions are not counted."
        ),
        records=sittings,
        is_standing=True,
        by={
            "series": (_("Series"), "session__series__name"),
            "sitting_kind": SITTING_KIND,
            "format": FORMAT,
            "mode": MODE,
        },
    )
)
register(
    Figure(
        code="study.contributions",
        label=_("Contributions"),
        definition=_(
            "Contributions to sessions held by the day: who guided the reading, spoke or shared "
            "experience, once for each time. Attendance without a contribution is not counted."
        ),
        records=contributions,
        is_standing=True,
        record="session__record",
        by={
            "cohort": (_("Cohort"), "cohort"),
            "contribution": (_("Contribution"), "sort"),
            "format": FORMAT,
        },
    )
)
register(
    Figure(
        code="study.ideas_raised",
        label=_("Ideas raised"),
        definition=_(
            "Ideas that were raised by the day, in a session or otherwise, whatever became of them."
        ),
        records=ideas,
        is_standing=True,
    )
)
register(
    Figure(
        code="study.ideas_taken_up",
        label=_("Ideas taken up"),
        definition=_(
            "Ideas that a project, a problem, a measure or an instruction had taken up by the day, "
            "as a share of all ideas raised. Ideas still open and those decided on without action "
            "are not counted as taken up."
        ),
        records=ideas_taken_up,
        denominator=ideas,
        shape=RATIO,
    )
)
register(
    Figure(
        code="study.units_without_session",
        label=_("Units with no session"),
        definition=_(
            "Departments, affiliated units, universities, provincial bodies and companies that had "
            "neither held a session nor taken part in one by the day. Closed units are not counted."
        ),
        records=units_without_session,
        record=None,
        unit="id",
        excluded=units_excluded,
        shape=COUNT,
    )
)
register(
    Figure(
        code="study.units_behind",
        label=_("Units behind the study requirements"),
        definition=_(
            "Departments, affiliated units, universities, provincial bodies and companies that by "
            "the day had held or taken part in fewer sessions than a study requirement of the "
            "campaign asks of each, of those requirements whose day had come. A campaign requires "
            "nothing unless it says so; then nobody is counted. Closed units are not counted."
        ),
        records=behind_requirements,
        record=None,
        unit="id",
        excluded=requirements_kept,
        shape=COUNT,
    )
)
