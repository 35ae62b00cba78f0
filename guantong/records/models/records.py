"""What every record has: a reference, a unit, a state, people, days, links and comments."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area, Campaign
from guantong.ledger.queries import newest_entry
from guantong.people.models import Person
from guantong.records.fulltext import has_words
from guantong.records.registry import kinds
from guantong.records.visibility import visibility
from guantong.units.models import Unit
from guantong.units.rules import below


def expression(lookup: Any) -> Any:
    """Return a lookup as an expression; what is one already stays."""
    return F(lookup) if isinstance(lookup, str) else lookup


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, person: Person, on: datetime.date, *, is_few: bool = False) -> Self:
        """The records that `person` may see by the appointments held on `on`.

        `is_few` says that they are narrowed to a few by id: then each of these is looked at.
        """
        return self.filter(visibility(person, on, is_few=is_few))

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def in_states(self, *states: str, on: datetime.date | None = None) -> Self:
        """Those standing in one of `states`, now or at the end of the day `on`."""
        if on is None:
            return self.filter(state__in=states)
        standing = StatePeriod.objects.on(on).filter(state__in=states)
        return self.filter(pk__in=standing.values("record"))

    def came_to(self, state: str, since: datetime.date, by: datetime.date) -> Self:
        """Those that came to `state` after the day `since`, up to and with the day `by`."""
        came = StatePeriod.objects.filter(state=state, starts_on__gt=since, starts_on__lte=by)
        return self.filter(pk__in=came.values("record"))

    def unended(self) -> Self:
        """Those that stand in no final state."""
        condition = Q(pk__in=[])
        for kind in kinds():
            condition |= Q(kind=kind.name, state__in=kind.lifecycle.open_states)
        return self.filter(condition)

    def opened_by(self, on: datetime.date) -> Self:
        """Those that existed at the end of the day `on`."""
        return self.filter(opened_on__lte=on)

    def under(self, unit: Unit) -> Self:
        """Those of `unit` and of all units beneath it."""
        first, last = below(unit.path)
        units = Unit.objects.filter(path__gte=first, path__lt=last)
        return self.filter(unit__in=units.values("pk"))

    def overdue(self, today: datetime.date) -> Self:
        """Those past their original due day, whatever extension they were given."""
        return self.filter(original_due_on__lt=today)

    def followed_by(self, person: Person | int) -> Self:
        """Those whose news `person` hears: their own, and what they follow, but for what they
        don't want to hear of."""
        follows = Follow.objects.filter(person=person)
        wanted = Q(owner=person) | Q(author=person)
        wanted |= Q(pk__in=follows.filter(is_on=True).values("record"))
        return self.filter(wanted).exclude(pk__in=follows.filter(is_on=False).values("record"))

    def led_to_by(self, *kinds: str) -> Self:
        """Those to which a link of one of `kinds` leads."""
        return self.filter(pk__in=Link.objects.filter(kind__in=kinds).values("target"))

    def on_days(self, begins: Any, ends: Any, first: datetime.date, last: datetime.date) -> Self:
        """Those that touch the days from `first` to `last`, each from `begins` to `ends`."""
        return self.with_days(begins, ends).filter(begins_on__lte=last, ends_on__gte=first)

    def with_days(self, begins: Any, ends: Any) -> Self:
        """The same, each with the days from which and until which it takes place."""
        return self.annotate(begins_on=expression(begins), ends_on=expression(ends))

    def saying(self, words: str) -> Self:
        """Those whose reference, title or texts say all of these words."""
        return self.filter(search_text__grams__says=words) if has_words(words) else self.none()

    def leading_to(self, *kinds: str) -> Self:
        """Those from which a link of one of `kinds` leads on."""
        return self.filter(pk__in=Link.objects.filter(kind__in=kinds).values("source"))

    def loose(self, links: LinkQuerySet | None = None) -> Self:
        """Those from which nothing has come: none of `links` leads on, but to a mere relation.

        Or to what is hidden: what lies behind it must not show by what is missing here (rule 5).
        """
        relations = [LinkKind.RELATED, LinkKind.SEE_ALSO]
        onward = Link.objects.all() if links is None else links
        onward = onward.exclude(kind__in=relations).exclude(target__is_hidden=True)
        return self.exclude(pk__in=onward.values("source"))

    def kept_from(self, person: Person, on: datetime.date) -> Self:
        """The restricted ones that `person` may not see: nothing may tell that they are there."""
        restricted = self.filter(is_restricted=True)
        seen = Record.objects.filter(is_restricted=True).visible_to(person, on, is_few=True)
        return restricted.exclude(pk__in=seen.order_by().values("pk"))

    def in_official_order(self) -> Self:
        return self.order_by("unit__path", "pk")


class Record(models.Model):
    """What a session, project, visit, finding, problem, measure… have in common, a row for each."""

    LEDGER_PLAIN = {"kind", "reference", "state"}
    LEDGER_UNTRACKED = {"revision"}

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=20)
    reference = models.CharField(_("reference"), max_length=20, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="records", verbose_name=_("responsible unit")
    )
    title = models.CharField(_("title"), max_length=500)
    state = models.CharField(_("state"), max_length=20)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_records",
        verbose_name=_("person responsible"),
    )
    author = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="authored_records", verbose_name=_("author")
    )
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=_("priority area"),
    )
    opened_on = models.DateField(_("entered on"))
    due_on = models.DateField(_("due day"), null=True, blank=True)
    original_due_on = models.DateField(_("original due day"), null=True, blank=True)
    is_priority = models.BooleanField(_("priority"), default=False)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    # An unannounced visit is unknown to all but its team and the coordinators until made (rule 5).
    is_hidden = models.BooleanField(_("hidden"), default=False)
    escalation_level = models.PositiveSmallIntegerField(_("escalation level"), default=0)
    revision = models.PositiveIntegerField(default=1)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        indexes = [
            # Counts read this alone, also of what is late and for those from whom restricted
            # records are kept; and what waits, nearest day first.
            models.Index(
                fields=[
                    *("campaign", "kind", "state", "original_due_on", "id"),
                    *("unit", "is_hidden", "is_restricted", "opened_on"),
                ],
                name="record_counted",
            ),
            # The few that are restricted, to keep from people what hangs together with them.
            models.Index(
                fields=["campaign"], condition=Q(is_restricted=True), name="record_restricted"
            ),
            # The same by day whatever the state: the list by due day.
            models.Index(
                fields=[
                    *("campaign", "kind", "original_due_on", "id"),
                    *("state", "unit", "is_hidden", "is_restricted", "opened_on"),
                ],
                name="record_due",
            ),
            # And by unit, for those who see a part of the tree.
            models.Index(
                fields=[
                    *("unit", "kind", "state", "campaign", "is_hidden", "is_restricted"),
                    *("opened_on", "original_due_on"),
                ],
                name="record_of_unit",
            ),
            models.Index(fields=["kind", "unit", "id"]),
            # In the order of their numbers: the list by reference, and the newest first.
            models.Index(fields=["campaign", "kind", "id"], name="record_numbered"),
            models.Index(fields=["owner", "original_due_on"]),
            # Few of all; for who sees all, by day, and for others by unit.
            models.Index(
                fields=["campaign", "kind", "escalation_level", "original_due_on", "id"],
                condition=Q(escalation_level__gt=0),
                name="record_escalated",
            ),
            models.Index(
                fields=["unit", "kind", "original_due_on", "id"],
                condition=Q(escalation_level__gt=0),
                name="record_escalated_in",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "reference"],
                condition=~Q(reference=""),
                name="one_record_a_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()


class RecordDetail(models.Model):
    """What one kind of record has beyond the rest, in a row of its own beside its Record."""

    record = models.OneToOneField(
        Record, models.PROTECT, primary_key=True, related_name="%(class)s"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.record)


class StatePeriodQuerySet(models.QuerySet["StatePeriod"]):
    def on(self, day: datetime.date) -> Self:
        """The periods that hold at the end of `day`; of a day's several states, the last."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class StatePeriod(models.Model):
    """One record stood in one state from a day until a day, brought there by somebody.

    The ledger is the truth; this is it by effective day, so that any past day can be counted.
    `recorded_by` is who entered a decision that `by` took on paper.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="periods", db_index=False)
    state = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = StatePeriodQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "starts_on", "ends_on", "record"]),
            models.Index(fields=["starts_on", "state", "record"], name="state_began"),
            models.Index(fields=["record", "starts_on", "state"], name="state_of_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(ends_on=None), name="one_state_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="state_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.state} {self.starts_on} – {self.ends_on or ''}"


class LinkKind(models.TextChoices):
    """How one record led to another; the source is upstream."""

    RAISED = "raised", _("raised")
    TAKEN_UP = "taken_up", _("taken up by")
    FIELDWORK = "fieldwork", _("fieldwork")
    ANSWERED_BY = "answered_by", _("carried out by")
    VERIFIED_BY = "verified_by", _("verified by")
    REVISITED_BY = "revisited_by", _("revisited by")
    QUERIED_BY = "queried_by", _("queried by")
    MOVES = "moves", _("expected to move")
    OBSERVED = "observed", _("observed by")
    MERGED_INTO = "merged_into", _("merged into")
    GROUPED = "grouped", _("groups")
    CARRIED_FORWARD = "carried_forward", _("carried forward as")
    RELATED = "related", _("related to")
    SEE_ALSO = "see_also", _("see also")


class LinkQuerySet(models.QuerySet["Link"]):
    def told_to(self, person: Person, on: datetime.date) -> Self:
        """Those that tell `person` of no restricted record that is kept from them.

        That a plain record of another unit is at the far end is no secret: it is part of the
        story of the one that is seen, and only what it is isn't told. The restricted records that
        one who doesn't see all may see are few, and read at once: nested where figures ask for
        links of links, they would be more than SQLite parses.
        """
        return self.but_for_restricted(restricted_seen_by(person, on))

    def but_for_restricted(self, seen: Collection[int] | None) -> Self:
        """Those that tell of no other restricted records than those `seen`; None says all are."""
        if seen is None:
            return self
        return self.filter(
            Q(source__is_restricted=False) | Q(source__in=seen),
            Q(target__is_restricted=False) | Q(target__in=seen),
        )


def restricted_seen_by(person: Person, on: datetime.date) -> tuple[int, ...] | None:
    """Return the ids of the restricted records that `person` may see; None, where all."""
    if visibility(person, on) == Q():
        return None
    # One page asks it several times, each time of the same person.
    known: dict[Any, tuple[int, ...]] = person.__dict__.setdefault("_restricted_seen", {})
    when = (on, newest_entry())
    if when not in known:
        restricted = Record.objects.order_by().filter(is_restricted=True)
        rows = restricted.visible_to(person, on, is_few=True).values_list("pk", flat=True)
        known.clear()
        known[when] = tuple(rows)
    return known[when]


class Link(models.Model):
    """One record led to another, in the way that `kind` says."""

    source = models.ForeignKey(Record, models.PROTECT, related_name="outbound")
    target = models.ForeignKey(Record, models.PROTECT, related_name="inbound")
    kind = models.CharField(max_length=20, choices=LinkKind)

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["source", "kind", "target"]),
            models.Index(fields=["target", "kind", "source"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target} ({self.get_kind_display()})"


class Follow(models.Model):
    """One person hears of what happens to one record, or, though it is theirs, does not."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="follows")
    person = models.ForeignKey(Person, models.CASCADE, related_name="follows")
    is_on = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["person", "is_on", "record"])]
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="one_wish_a_record")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.record} ({self.is_on})"


def values_of(detail: Any, *names: str) -> dict[str, Any]:
    """Return the named values of a record, wherever of the two rows they stand."""
    return {
        name: getattr(detail, name) if hasattr(type(detail), name) else getattr(detail.record, name)
        for name in names
    }
