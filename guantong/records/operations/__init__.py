"""Every write that all kinds of record share."""

from guantong.records.operations.adopting import adopt_states
from guantong.records.operations.correcting import CannotCorrectRecord, correct_records
from guantong.records.operations.drawing import CannotDraw, draw_records
from guantong.records.operations.escalating import (
    CannotEscalate,
    answer_escalations,
    escalate_by_hand,
    escalate_records,
)
from guantong.records.operations.following import set_following
from guantong.records.operations.handing import CannotHandOver, hand_over
from guantong.records.operations.linking import (
    ANSWERABLE,
    CannotLinkRecords,
    link_records,
    refer_no_more,
    refer_to,
    unlink_records,
)
from guantong.records.operations.marking import mark_priority, may_mark
from guantong.records.operations.moving import CannotMoveRecord, move_records
from guantong.records.operations.naming import (
    CannotNameParticipant,
    name_participants,
    name_partners,
    remove_participants,
)
from guantong.records.operations.opening import check_may_enter, give_references, open_records
from guantong.records.operations.redacting import (
    CannotRedact,
    redact_record,
    redact_texts,
    redact_things,
)
from guantong.records.operations.showing import CannotSayWhoSees, say_who_sees
from guantong.records.operations.speaking import comment_on
from guantong.records.operations.viewing import forget_view, save_view

__all__ = [
    "ANSWERABLE",
    "CannotCorrectRecord",
    "CannotDraw",
    "CannotEscalate",
    "CannotHandOver",
    "CannotLinkRecords",
    "CannotMoveRecord",
    "CannotNameParticipant",
    "CannotRedact",
    "CannotSayWhoSees",
    "adopt_states",
    "answer_escalations",
    "check_may_enter",
    "comment_on",
    "correct_records",
    "draw_records",
    "escalate_by_hand",
    "escalate_records",
    "forget_view",
    "give_references",
    "hand_over",
    "link_records",
    "mark_priority",
    "may_mark",
    "move_records",
    "name_participants",
    "name_partners",
    "open_records",
    "redact_record",
    "redact_texts",
    "redact_things",
    "refer_no_more",
    "refer_to",
    "remove_participants",
    "save_view",
    "say_who_sees",
    "set_following",
    "unlink_records",
]
