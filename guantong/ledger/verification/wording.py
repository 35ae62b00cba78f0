"""Says what differs in the words of the pages: the kind, whose it is, the field, the value."""

import re
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guantong.ledger.hashing import REASON
from guantong.ledger.queries import label_of
from guantong.ledger.tracking import Plan, plan_of_kind, tracked_kinds

SUBJECT = re.compile(r"(?P<kind>.+?) (?P<pk>\d+)(?: \((?P<name>.*)\))?", re.DOTALL)
# What models call themselves and their fields where no page says it, and so no catalogue has it.
WORDS = (
    gettext_noop("attachment"),
    gettext_noop("edition"),
    gettext_noop("file"),
    gettext_noop("inspection reply"),
    gettext_noop("link"),
    gettext_noop("paper decision"),
    gettext_noop("participant"),
    gettext_noop("partner"),
    gettext_noop("progress note"),
    gettext_noop("review"),
    gettext_noop("routing"),
    gettext_noop("sealed list"),
    gettext_noop("parent period"),
    gettext_noop("verification item"),
    gettext_noop("calendar day"),
    gettext_noop("actor"),
    gettext_noop("answered by"),
    gettext_noop("answers"),
    gettext_noop("asked by"),
    gettext_noop("count"),
    gettext_noop("digest"),
    gettext_noop("draw"),
    gettext_noop("ends on"),
    gettext_noop("fingerprint"),
    gettext_noop("is working"),
    gettext_noop("language"),
    gettext_noop("position"),
    gettext_noop("sealed"),
    gettext_noop("sealed digest"),
    gettext_noop("session"),
    gettext_noop("size"),
    gettext_noop("starts on"),
    gettext_noop("written at"),
    gettext_noop("rows"),
    gettext_noop("html"),
    gettext_noop("content"),
    gettext_noop("states by day"),
)
_NUMBERS = re.compile(r"\[(\d+(?:,\d+)*)\]")
# So many rows are looked up to say whose they are; the rest is known by number.
LOOKED_UP = 200


class Wording:
    """Puts differences, as programs read them, into words."""

    def __init__(self) -> None:
        self.looked_up = 0

    def of(self, difference: dict[str, Any]) -> dict[str, Any]:
        """Return the parts of a difference's sentence."""
        said = dict(difference)
        found = SUBJECT.fullmatch(str(said.get("subject", "")))
        if "code" in said:
            said["code"] = label_of(str(said["code"]))
        if found is None or found["kind"] not in tracked_kinds():
            return said
        plan = plan_of_kind(found["kind"])
        said["subject"] = self._subject(plan, int(found["pk"]), found["name"])
        column = _column(plan, said.get("field"))
        if said.get("field") == REASON:
            said["field"] = _("reason")
        elif "field" in said:
            said["field"] = _(str(column.verbose_name if column is not None else said["field"]))
        if column is not None:
            for side in ("row", "ledger", "old", "before"):
                if side in said:
                    said[side] = self._value(column, str(said[side]))
        return said

    def _subject(self, plan: Plan, pk: int, name: str | None) -> str:
        words = f"{_(str(plan.model._meta.verbose_name))} {pk}"
        name = name or self._name(plan.model, pk)
        return f"{words} ({name})" if name else words

    def _name(self, model: type[models.Model], pk: int) -> str:
        """Return how a row is called, where its model says so and the row is still there."""
        if model.__str__ is models.Model.__str__ or self.looked_up >= LOOKED_UP:
            return ""
        self.looked_up += 1
        row = model._base_manager.filter(pk=pk).first()
        return str(row) if row is not None else ""

    def _value(self, column: models.Field, shown: str) -> str:
        bare = shown.strip("“”")
        labels = {str(value): str(label) for value, label in column.flatchoices}
        if bare in labels:
            return f"“{labels[bare]}”"
        if column.is_relation and bare.isdecimal() and column.related_model:
            name = self._name(column.related_model, int(bare))
            return f"“{name}”" if name else shown
        if column.is_relation and column.related_model and (found := _NUMBERS.fullmatch(bare)):
            names = [self._name(column.related_model, int(pk)) for pk in found[1].split(",")]
            return f"“{_(', ').join(names)}”" if all(names) else shown
        if bare in ("true", "false"):
            return f"“{_('yes') if bare == 'true' else _('no')}”"
        return f"“{_('empty')}”" if bare in ("", "null") else shown


def _column(plan: Plan, name: object) -> models.Field | None:
    """Return the column that a field's name means, also one that entries leave out."""
    tracked = plan.by_name.get(str(name))
    if tracked is not None:
        return tracked.column
    return next((c for c in plan.model._meta.concrete_fields if c.name == name), None)
