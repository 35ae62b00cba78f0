"""The check of all that is kept: entries, texts, the tree, checkpoints, and rows by replay."""

from guantong.ledger.verification.findings import Difference, Verification
from guantong.ledger.verification.kept import Kept, KeptError, write_hashes
from guantong.ledger.verification.whole import verify

__all__ = ["Difference", "Kept", "KeptError", "Verification", "verify", "write_hashes"]
