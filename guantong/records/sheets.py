"""How cells of any sheet name a record: by its reference."""

from collections.abc import Mapping, Sequence
from typing import Any

from guantong.kit.sheets import Context, Lookup
from guantong.records.models import Record
from guantong.records.registry import Kind, kinds


def _reference(thing: Any) -> str:
    # A column may hold the record itself where it needs no more of the thing.
    return str(getattr(thing, "record", thing).reference)


def _lookup(kind: Kind) -> Lookup:
    def find(texts: set[str], context: Context) -> Mapping[str, Sequence[Any]]:
        seen = Record.objects.filter(campaign=context.campaign, kind=kind.name)
        if context.actor is not None:
            seen = seen.visible_to(context.actor, context.today)
        references = {text.upper(): text for text in texts}
        details = kind.model._default_manager.filter(
            record__in=seen.filter(reference__in=list(references)).values("pk")
        )
        return {
            references[detail.record.reference]: [detail]
            for detail in details.select_related("record__unit", "record__campaign")
        }

    return Lookup(kind.name, kind.label, find=find, name=_reference)


LOOKUPS = tuple(_lookup(kind) for kind in kinds())
