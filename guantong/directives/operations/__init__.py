"""Every write of instructions and requests."""

from guantong.directives.operations.instructing import (
    CannotCarryOut,
    CannotFinishInstruction,
    CannotIssueInstruction,
    CannotTakeUp,
    InstructionDraft,
    carry_out_instructions,
    finish_instructions,
    issue_instructions,
    take_up,
)
from guantong.directives.operations.requesting import (
    CannotAskAnyway,
    CannotCloseRequest,
    CannotDraftRequest,
    CannotSendRequest,
    RequestDraft,
    ask_anyway,
    close_requests,
    draft_requests,
    send_requests,
)

__all__ = [
    "CannotAskAnyway",
    "CannotCarryOut",
    "CannotCloseRequest",
    "CannotDraftRequest",
    "CannotFinishInstruction",
    "CannotIssueInstruction",
    "CannotSendRequest",
    "CannotTakeUp",
    "InstructionDraft",
    "RequestDraft",
    "ask_anyway",
    "carry_out_instructions",
    "close_requests",
    "draft_requests",
    "finish_instructions",
    "issue_instructions",
    "send_requests",
    "take_up",
]
