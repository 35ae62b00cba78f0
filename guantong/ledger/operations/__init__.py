"""Every write of the ledger: acts, redaction, sequencing and checkpoints."""

from guantong.ledger.operations.acting import act
from guantong.ledger.operations.writing import StaleRow, Writing

__all__ = ["StaleRow", "Writing", "act"]
