"""Every write of imports: bringing, staging, applying, releasing."""

from guantong.exchange.operations.drafting import (
    CannotBring,
    CannotImport,
    break_off,
    bring_again,
    bring_file,
    carry_out_draft,
    correct_draft,
    drop_draft,
    forget_drafts,
    give_to_task,
    look_at_draft,
)
from guantong.exchange.operations.importing import Outcome, import_file
from guantong.exchange.operations.releasing import (
    CannotRelease,
    may_release,
    release_run,
    turn_down_run,
)

__all__ = [
    "CannotBring",
    "CannotImport",
    "CannotRelease",
    "Outcome",
    "break_off",
    "bring_again",
    "bring_file",
    "carry_out_draft",
    "correct_draft",
    "drop_draft",
    "forget_drafts",
    "give_to_task",
    "import_file",
    "look_at_draft",
    "may_release",
    "release_run",
    "turn_down_run",
]
