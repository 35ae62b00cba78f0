"""Proofs that one entry is under a signed checkpoint, to be checked without the database."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from guantong.ledger.hashing import REASON, commitment, entry_bytes, leaf_hash
from guantong.ledger.models import Checkpoint, Entry, Leaf, Text
from guantong.ledger.queries import entry_facts
from guantong.ledger.signing import NoteError, Verifier, read_checkpoint
from guantong.ledger.tree import inclusion_path, root_from_inclusion

FORMAT = "guantong-proof-1"


class CannotProveEntry(Exception):
    """There is no such entry, or no checkpoint covers it yet."""


class ProofWrong(ValueError):
    """A proof does not hold; the sentence says where it breaks."""


@dataclass(frozen=True)
class Proven:
    """What a proof that holds shows."""

    entry: dict[str, Any]
    texts: dict[str, tuple[Any, Any]]
    size: int
    signed_at: str
    signed_by: str


def prove_entry(entry_id: int, *, with_texts: bool = True) -> dict[str, Any]:
    """Return the proof of an entry under the latest checkpoint, ready to be written as JSON.

    Without texts it shows that the entry is there, and tells no free text of it.
    """
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise CannotProveEntry(_("There is no entry %(entry)s.") % {"entry": entry_id})
    leaf = Leaf.objects.filter(entry=entry).first()
    checkpoint = Checkpoint.latest()
    if leaf is None or checkpoint is None or leaf.index >= checkpoint.size:
        raise CannotProveEntry(
            _("No checkpoint covers entry %(entry)s yet: “guantong ledger checkpoint” signs one.")
            % {"entry": entry_id}
        )
    texts = Text.objects.filter(entry=entry, value__isnull=False) if with_texts else []
    path = inclusion_path(leaf.index, checkpoint.size, _hashes)
    return {
        "format": FORMAT,
        "entry": entry_facts(entry),
        "texts": {text.field: {"salt": text.salt, "value": text.value} for text in texts},
        "leaf": leaf.index,
        "path": [base64.b64encode(step).decode() for step in path],
        "checkpoint": checkpoint.note,
    }


def check_proof(data: bytes | str, keys: Sequence[Verifier]) -> Proven:
    """Check a proof with nothing but public keys, and return what it shows."""
    try:
        proof = orjson.loads(data)
        facts, texts = proof["entry"], proof["texts"]
        index = int(proof["leaf"])
        path = [base64.b64decode(step, validate=True) for step in proof["path"]]
        checkpoint = read_checkpoint(proof["checkpoint"])
        is_of_form = proof["format"] == FORMAT and isinstance(facts["changes"], dict)
    except (KeyError, TypeError, ValueError, binascii.Error, NoteError) as error:
        raise ProofWrong(_("This is no proof of an entry: %(error)s") % {"error": error}) from error
    if not is_of_form:
        raise ProofWrong(_("This is no proof of an entry: %(error)s") % {"error": "format"})
    signed_by = next((key.name for key in keys if checkpoint.is_signed_by(key)), None)
    if signed_by is None:
        raise ProofWrong(_("The checkpoint is signed by none of the given keys."))
    root = root_from_inclusion(index, checkpoint.size, leaf_hash(entry_bytes(facts)), path)
    if root != checkpoint.root:
        raise ProofWrong(_("The entry is not in the tree that was signed, or it was altered."))
    return Proven(
        entry=facts,
        texts={name: _opened(facts, name, text) for name, text in texts.items()},
        size=checkpoint.size,
        signed_at=checkpoint.signed_at,
        signed_by=signed_by,
    )


def _opened(facts: dict[str, Any], name: str, text: Any) -> tuple[Any, Any]:
    """Return a text's old and new value, once they are those that the entry commits to."""
    change = facts["changes"].get(name)
    committed = change.get("text") if isinstance(change, dict) else None
    if name == REASON and committed is None:
        committed = facts["reason"]
    try:
        salt, value = bytes.fromhex(text["salt"]), text["value"].encode()
        if committed and commitment(salt, value) == committed:
            old, new = orjson.loads(value)
            return old, new
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise ProofWrong(_("The text %(field)s is not what the entry says.") % {"field": name})


def _hashes(start: int, stop: int) -> list[bytes]:
    leaves = Leaf.objects.filter(index__gte=start, index__lt=stop).order_by("index")
    return [bytes(digest) for digest in leaves.values_list("hash", flat=True)]
