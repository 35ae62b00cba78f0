"""The ledger codes of instructions and requests."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DirectiveEntry(TextChoices):
    ISSUED = "directives.instruction.issued", _("entered the instruction")
    CARRIED_OUT = "directives.instruction.carried_out", _("named measures for the instruction")
    TOOK_UP = "directives.instruction.took_up", _("named what the instruction takes up")
    DONE = "directives.instruction.done", _("entered the instruction as done")
    DRAFTED = "directives.request.drafted", _("drafted the request to units")
    ITEM_ASKED = "directives.request_item.asked", _("asked for")
    ITEM_HELD = "directives.request_item.found", _("found held already")
    ITEM_KEPT = "directives.request_item.kept", _("asked although it is held")
    UNIT_ASKED = "directives.asked_unit.named", _("named a unit to ask")
    ASKED_ANYWAY = "directives.request.asked_anyway", _("asked for what is held, with a reason")
    SENT = "directives.request.sent", _("sent the request")
    CLOSED = "directives.request.closed", _("closed the request")
