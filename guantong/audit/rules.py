"""The lifecycle of an audit query, as a table."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import ESCALATIONS, Lifecycle, State, Transition, Who

AUDIT_QUERY = Lifecycle(
    "audit_query",
    (
        State("raised", _("Query raised")),
        State("answered", _("Answered")),
        State("settled", _("Query settled"), is_final=True),
    ),
    (
        Transition(
            "answer",
            _("Answer the query"),
            "audit.query.answered",
            frozenset({Who.HEAD}),
            ("raised",),
            "answered",
        ),
        Transition(
            "settle",
            _("Settle the query"),
            "audit.query.settled",
            frozenset({Who.AUDITOR}),
            ("answered",),
            "settled",
        ),
        *ESCALATIONS,
    ),
    # Once answered it waits for the auditor.
    delivered=frozenset({"answered"}),
)
