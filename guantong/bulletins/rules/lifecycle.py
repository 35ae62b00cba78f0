"""The lifecycle of a bulletin; no Django."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

DRAFT, REVIEW, SIGNED, PUBLISHED, WITHDRAWN = "draft", "review", "signed", "published", "withdrawn"

COORDINATOR = frozenset({Who.COORDINATOR})

BULLETIN = Lifecycle(
    "bulletin",
    (
        State(DRAFT, _("Draft")),
        State(REVIEW, _("In review")),
        State(SIGNED, _("Signed")),
        State(PUBLISHED, _("Published"), is_final=True),
        State(WITHDRAWN, _("Withdrawn after publication"), is_final=True),
    ),
    (
        Transition(
            "submit",
            _("Send for review"),
            "bulletins.bulletin.submitted",
            COORDINATOR,
            (DRAFT,),
            REVIEW,
            needs=("sound_text",),
        ),
        Transition(
            "sign",
            _("Sign"),
            "bulletins.bulletin.signed",
            # The signatory signs; a leader who doesn't sign in, on paper.
            frozenset({Who.COORDINATOR, Who.HEAD}),
            (REVIEW,),
            SIGNED,
            needs=("sound_text",),
        ),
        Transition(
            "publish",
            _("Publish"),
            "bulletins.bulletin.published",
            COORDINATOR,
            (SIGNED,),
            PUBLISHED,
            needs=("sound_text",),
        ),
        Transition(
            "withdraw",
            _("Withdraw"),
            "bulletins.bulletin.withdrawn",
            COORDINATOR,
            (PUBLISHED,),
            WITHDRAWN,
            needs_reason=True,
            needs=("correction",),
        ),
    ),
    doing=frozenset({SIGNED}),
)
