"""Every write of the ledger: acts, redaction, sequencing and checkpoints."""

from guantong.ledger.operations.acting import act
from guantong.ledger.operations.checkpoints import sign_checkpoint
from guantong.ledger.operations.redaction import CannotBlankTexts, blank_texts
from guantong.ledger.operations.sequencing import sequence_entries
from guantong.ledger.operations.writing import StaleRow, Writing

__all__ = [
    "CannotBlankTexts",
    "StaleRow",
    "Writing",
    "act",
    "blank_texts",
    "sequence_entries",
    "sign_checkpoint",
]
