"""`guantong ledger`: signs checkpoints, verifies everything, proves one entry."""

import sys
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from guantong.ledger.models import Checkpoint
from guantong.ledger.operations import sequence_entries, sign_checkpoint
from guantong.ledger.proofs import CannotProveEntry, ProofWrong, check_proof, prove_entry
from guantong.ledger.queries import label_of, leaves_under
from guantong.ledger.signing import NoteError, Verifier, read_verifiers, verifiers
from guantong.ledger.verification import Kept, KeptError, Verification, verify, write_hashes

TOLD_AT_MOST = 100


class Command(BaseCommand):
    """Exits with 0 where all is well, with 1 where something differs."""

    help = _("The ledger: sign a checkpoint, verify everything, prove an entry.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        sign = verbs.add_parser("checkpoint", help=_("sign the tree as it is, and print the note"))
        sign.add_argument("--output", type=Path, help=_("write the note here; keep it elsewhere"))
        sign.add_argument(
            "--hashes",
            type=Path,
            help=_("write every entry's hash here, by which any later change can be named"),
        )
        check = verbs.add_parser("verify", help=_("recompute everything and name what differs"))
        check.add_argument("--checkpoint", type=Path, help=_("a checkpoint that was kept"))
        check.add_argument("--hashes", type=Path, help=_("the hashes kept with that checkpoint"))
        check.add_argument("--key", type=Path, help=_("the public key file, if kept elsewhere"))
        check.add_argument("--json", action="store_true", help=_("for a program to read"))
        prove = verbs.add_parser("prove", help=_("prove that an entry is under a checkpoint"))
        prove.add_argument("entry", type=int, nargs="?", help=_("the entry's number"))
        prove.add_argument("--output", type=Path, help=_("write the proof here"))
        prove.add_argument(
            "--without-texts", action="store_true", help=_("leave free text out of the proof")
        )
        prove.add_argument("--check", type=Path, help=_("check a proof instead of making one"))
        prove.add_argument("--key", type=Path, help=_("the public key file to check with"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(options)
        except (CannotProveEntry, KeptError, NoteError, OSError) as error:
            raise CommandError(str(error)) from error

    def checkpoint(self, options: dict[str, Any]) -> None:
        sequence_entries(thorough=True)
        checkpoint = sign_checkpoint(now=timezone.now())
        if options["output"]:
            options["output"].write_text(checkpoint.note, encoding="utf-8")
        else:
            self.stdout.write(checkpoint.note, ending="")
        if options["hashes"]:
            with options["hashes"].open("w", encoding="ascii") as file:
                write_hashes(file, leaves_under(checkpoint.size))

    def verify(self, options: dict[str, Any]) -> None:
        if options["hashes"] and not options["checkpoint"]:
            raise CommandError(_("Hashes say nothing without their checkpoint: give it too."))
        kept = None
        if options["checkpoint"]:
            kept = Kept.read(options["checkpoint"], options["hashes"])
        found = verify(kept=kept, keys=_keys(options["key"]), progress=Bars())
        if options["json"]:
            shown = orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2)
            self.stdout.write(shown.decode())
        else:
            self.tell(found)
        if not found.is_clean:
            sys.exit(1)

    def tell(self, found: Verification) -> None:
        """Say what was checked, then what differs."""
        said = _(
            "%(entries)s entries, %(leaves)s in the tree, %(texts)s texts, %(rows)s rows, "
            "%(checkpoints)s checkpoints were checked."
        )
        self.stdout.write(said % vars(found))
        if found.unsequenced:
            waiting = ngettext(
                "%(count)s entry waits for its place; the next checkpoint gives it.",
                "%(count)s entries wait for their place; the next checkpoint gives it.",
                found.unsequenced,
            )
            self.stdout.write(waiting % {"count": found.unsequenced})
        for kind in found.untracked_kinds:
            self.stdout.write(_("No table is known for entries of %(kind)s.") % {"kind": kind})
        for line in found.lines()[:TOLD_AT_MOST]:
            self.stdout.write(line)
        total = found.counts.total()
        if total > TOLD_AT_MOST:
            more = _("… and %(count)s more; --json gives up to 10,000.")
            self.stdout.write(more % {"count": total - TOLD_AT_MOST})
        if found.is_clean:
            self.stdout.write(_("Nothing differs."))
        else:
            said = ngettext("%(count)s difference.", "%(count)s differences.", total)
            self.stdout.write(said % {"count": total})

    def prove(self, options: dict[str, Any]) -> None:
        if options["check"]:
            return self.check_proof(options)
        if options["entry"] is None:
            raise CommandError(_("Name the entry to prove, or a proof to check with --check."))
        proof = prove_entry(options["entry"], with_texts=not options["without_texts"])
        shown = orjson.dumps(proof, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        if options["output"]:
            options["output"].write_bytes(shown + b"\n")
        else:
            self.stdout.write(shown.decode())
        return None

    def check_proof(self, options: dict[str, Any]) -> None:
        try:
            proven = check_proof(options["check"].read_bytes(), _keys(options["key"]))
        except ProofWrong as wrong:
            self.stdout.write(str(wrong))
            sys.exit(1)
        entry = proven.entry
        said = _(
            "Entry %(id)s (%(label)s, %(subject_kind)s %(subject_id)s, recorded %(recorded_at)s) "
            "is under the checkpoint of %(size)s entries that %(name)s signed at %(signed_at)s."
        )
        self.stdout.write(
            said
            % {
                **entry,
                "label": label_of(entry["code"]),
                "size": proven.size,
                "name": proven.signed_by,
                "signed_at": proven.signed_at,
            }
        )


class Bars:
    """Shows how far a verification is, on a terminal only."""

    def __init__(self) -> None:
        self.bars: dict[str, tqdm] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self.bars:
            for bar in self.bars.values():
                bar.close()
            # disable=None: silent where standard error is no terminal.
            self.bars[stage] = tqdm(desc=stage, total=total, disable=None, leave=False)
        bar = self.bars[stage]
        bar.update(done - bar.n)


def _keys(path: Path | None) -> list[Verifier]:
    if path is not None:
        return read_verifiers(path.read_text(encoding="utf-8"))
    keys = verifiers(settings.HOME / "keys")
    if not keys and Checkpoint.objects.exists():
        raise CommandError(
            _("The public key is missing from %(folder)s; name it with --key.")
            % {"folder": settings.HOME / "keys"}
        )
    return keys
