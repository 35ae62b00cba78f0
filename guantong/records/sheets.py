"""How cells of any sheet name a record: by its reference."""

from collections.abc import Mapping, Sequence
from typing import Any

from guantong.kit.sheets import Context, Lookup
from guantong.records.models import Record
from guantong.records.registry import Kind, kinds

WITH_IT = ("record__unit", "record__campaign")


def _lookup(kind: Kind) -> Lookup:
    def find(texts: set[str], context: Context) -> Mapping[str, Sequence[Any]]:
        seen = Record.objects.filter(campaign=context.campaign, kind=kind.name)
        if context.actor is not None:
            seen = seen.visible_to(context.actor, context.today)
        wanted = {text.upper() for text in texts}
        details = kind.model._default_manager.filter(
            record__in=seen.filter(reference__in=wanted).values("pk")
        )
        found = {d.record.reference: d for d in details.select_related(*WITH_IT)}
        return {text: [found[text.upper()]] for text in texts if text.upper() in found}

    # What a link leads to is a Record, what a cell names is a row of its kind: one reference.
    return Lookup(
        kind.name,
        kind.label,
        find=find,
        name=lambda thing: getattr(thing, "record", thing).reference,
    )


LOOKUPS = tuple(_lookup(kind) for kind in kinds())
