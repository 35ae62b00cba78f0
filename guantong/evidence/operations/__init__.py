"""Every change to evidence: storing by hash, attaching, withdrawing, redacting."""

from guantong.evidence.operations.attaching import (
    CannotAttach,
    CannotWithdraw,
    NamedDocument,
    Reuse,
    Upload,
    attach_files,
    name_documents,
    replace_attachment,
    reuse_files,
    withdraw_attachment,
)
from guantong.evidence.operations.redacting import CannotRedactFile, Files, redact_files

__all__ = [
    "CannotAttach",
    "CannotRedactFile",
    "CannotWithdraw",
    "Files",
    "NamedDocument",
    "Reuse",
    "Upload",
    "attach_files",
    "name_documents",
    "redact_files",
    "replace_attachment",
    "reuse_files",
    "withdraw_attachment",
]
