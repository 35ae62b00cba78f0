"""The kind of record that bulletins are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import (
    publish_bulletins,
    sign_bulletins,
    submit_bulletins,
    withdraw_bulletins,
)
from guantong.bulletins.queries import faults_of
from guantong.bulletins.rules import BULLETIN
from guantong.bulletins.rules.lifecycle import DRAFT, PUBLISHED, REVIEW, WITHDRAWN
from guantong.records.registry import Details, Fact, Kind, Move, register
from guantong.records.rules import Who

FIELDS = (
    *("title", "unit", "area", "owner", "issue", "title_en", "text_zh", "text_en", "as_of"),
    *("signatory", "distribution", "corrects", "is_priority", "is_restricted"),
)
NEVER_BY_HAND = ("sealed", "sealed_digest")


def lacks_sound_text(details: Details) -> Mapping[int, str]:
    """Those whose text has typed numbers, or figures that there are not."""
    found = {}
    for bulletin in details:
        # Whether the text is sound hangs on codes and keys, not on the day or its counts.
        faults = faults_of(bulletin, today=bulletin.as_of)
        if faults:
            found[bulletin.pk] = " ".join(faults[:5])
    return found


def lacks_correction(details: Details) -> Mapping[int, str]:
    """Those that no other bulletin corrects."""
    named = set(
        Bulletin.objects.filter(corrects__in=[d.pk for d in details]).values_list(
            "corrects_id", flat=True
        )
    )
    return {
        detail.pk: _("Write the correction first: a bulletin that names this one.")
        for detail in details
        if detail.pk not in named
    }


def frozen_fields(bulletin: Bulletin, standing: frozenset[Who]) -> Iterable[str]:
    """What is signed stays as it was signed."""
    if bulletin.record.state in (DRAFT, REVIEW):
        return NEVER_BY_HAND
    return (*FIELDS, *NEVER_BY_HAND)


def bulletin_facts(bulletin: Bulletin) -> list[Fact]:
    facts = [
        Fact(_("Issue"), bulletin.issue),
        Fact(_("Figures at the end of"), bulletin.as_of),
        Fact(_("Signatory"), bulletin.signatory),
        Fact(_("Distribution"), bulletin.distribution),
        Fact(_("Page"), bulletin),
    ]
    if bulletin.corrects is not None:
        facts.append(Fact(_("Corrects"), bulletin.corrects.record))
    correcting = Bulletin.objects.filter(
        corrects=bulletin, record__state__in=(PUBLISHED, WITHDRAWN)
    )
    facts += [
        Fact(_("Corrected by"), correction.record)
        for correction in correcting.select_related("record").order_by("pk")
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


register(
    Kind(
        name="bulletin",
        label=gettext_lazy("Bulletin"),
        plural=gettext_lazy("Bulletins"),
        slug="bulletins",
        prefix="B",
        model=Bulletin,
        has_due_day=False,
        lifecycle=BULLETIN,
        strand="bulletins",
        moves={
            "submit": Move(submit_bulletins, "bulletins"),
            "sign": Move(sign_bulletins, "bulletins"),
            "publish": Move(publish_bulletins, "bulletins"),
            "withdraw": Move(withdraw_bulletins, "bulletins"),
        },
        needs={"sound_text": lacks_sound_text, "correction": lacks_correction},
        frozen=frozen_fields,
        facts=bulletin_facts,
        related=("signatory", "corrects__record"),
    )
)
