"""What was kept outside the database: a signed checkpoint, and the leaf hashes that it covers."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from guantong.ledger.signing import NoteError, SignedCheckpoint, read_checkpoint
from guantong.ledger.tree import root_of

Leaf = tuple[int, bytes]  # entry id, hash


class KeptError(ValueError):
    """A kept file cannot be read, or contradicts itself."""


@dataclass(frozen=True)
class Kept:
    """A checkpoint from outside, with the leaves under it where they were kept too."""

    checkpoint: SignedCheckpoint
    leaves: Sequence[Leaf] | None = None

    @classmethod
    def read(cls, checkpoint: Path, hashes: Path | None = None) -> "Kept":
        try:
            signed = read_checkpoint(checkpoint.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise KeptError(
                _("%(file)s is no checkpoint: %(error)s") % {"file": checkpoint, "error": error}
            ) from error
        if hashes is None:
            return cls(signed)
        leaves = list(_read_hashes(hashes))
        if len(leaves) < signed.size or root_of(h for _id, h in leaves[: signed.size]) != (
            signed.root
        ):
            raise KeptError(
                _("The hashes in %(file)s are not those that the checkpoint signs.")
                % {"file": hashes}
            )
        return cls(signed, leaves[: signed.size])


def write_hashes(file: TextIO, leaves: Iterable[Leaf]) -> None:
    """Write leaves one to a line: the entry's id and its leaf hash."""
    for entry, digest in leaves:
        file.write(f"{entry} {base64.b64encode(digest).decode()}\n")


def _read_hashes(path: Path) -> Iterator[Leaf]:
    try:
        with path.open(encoding="ascii") as file:
            for line in file:
                entry, _space, digest = line.rstrip("\n").partition(" ")
                yield int(entry), base64.b64decode(digest, validate=True)
    except (OSError, ValueError, binascii.Error) as error:
        raise KeptError(
            _("%(file)s holds no leaf hashes: %(error)s") % {"file": path, "error": error}
        ) from error
