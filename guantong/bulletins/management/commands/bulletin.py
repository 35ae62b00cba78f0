"""`guantong bulletin`: builds, publishes and verifies bulletins."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.bulletins.forms import CannotDraft, draft_from
from guantong.bulletins.models import Bulletin, Edition
from guantong.bulletins.operations import (
    bulletin_of,
    publish_bulletins,
    sign_bulletins,
    submit_bulletins,
    write_bulletins,
)
from guantong.bulletins.operations.papers import (
    FORMATS,
    CannotMakePaper,
    draft_paper,
    paper_of,
)
from guantong.bulletins.queries import draft_page
from guantong.bulletins.verification import Fault, verify
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.pdf import CannotWritePdf
from guantong.ledger.signing import NoteError, Verifier, read_verifiers, verifiers
from guantong.records.refusals import Refused


class Command(BaseCommand):
    """Builds a draft, publishes a bulletin, or checks a published file by itself."""

    help = _("Build, publish or verify a bulletin")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        build = steps.add_parser("build", help=_("write a draft to a file"))
        publish = steps.add_parser("publish", help=_("seal and publish, and write the file"))
        for step in (build, publish):
            step.add_argument(
                "reference",
                nargs="?",
                default="",
                help=_("a bulletin, as B-0001; without it, the report that comes with Guantong"),
            )
            step.add_argument("--language", choices=["zh", "en"], default="zh")
            step.add_argument("--as-of", default="", help=_("at the end of which day, 2023-06-30"))
            step.add_argument(
                "--format", choices=["html", *FORMATS], default="html", help=_("of the file")
            )
            step.add_argument("--output", default="", help=_("the file to write"))
            step.add_argument("--as", dest="person", default="", help=_("who does it"))
        check = steps.add_parser("verify", help=_("check a published file by itself"))
        check.add_argument("file")
        check.add_argument(
            "--key", default="", help=_("a public key or a file of them; else this installation's")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "verify":
            self.verify(options["file"], options["key"])
            return
        try:
            draft, actor, today = draft_from(
                reference=options["reference"],
                person=options["person"],
                as_of=options["as_of"],
                now=timezone.now(),
            )
            if options["step"] == "publish":
                self.publish(draft, actor, options)
            else:
                bulletin = (
                    draft
                    if isinstance(draft, Bulletin)
                    else bulletin_of(draft, author=actor, opened_on=today)
                )
                self.build(bulletin, today, options)
        except (CannotDraft, CannotMakePaper, CannotWritePdf, NoChineseFont, Refused) as error:
            raise CommandError(str(error)) from error

    def build(self, bulletin: Bulletin, today: datetime.date, options: dict[str, Any]) -> None:
        """Write a published edition as it is, a draft as it stands, with what is wrong with it."""
        language, form = options["language"], options["format"]
        edition = bulletin.editions.filter(language=language).first() if bulletin.pk else None
        if edition is not None:
            self.write(_file_of(edition, form), options["output"])
            return
        page, built = draft_page(bulletin, language, today=today)
        for sentence in [*built.faults, *built.warnings]:
            self.stderr.write(str(sentence))
        content = page.encode()
        if form != "html":
            content = draft_paper(bulletin, page, form, language, now=timezone.now())
        self.write(content, options["output"])
        if built.faults:
            raise CommandError(_("The draft was written; it can't be published like this."))

    def publish(self, draft: Any, actor: Any, options: dict[str, Any]) -> None:
        """Publish one that is signed; the report is written and signed on the way."""
        now = timezone.now()
        if isinstance(draft, Bulletin):
            bulletin = draft
        else:
            (bulletin,) = write_bulletins(drafts=[draft], actor=actor, now=now)
            submit_bulletins(bulletins=[bulletin], actor=actor, now=now)
            sign_bulletins(bulletins=[bulletin], actor=actor, now=now)
        publish_bulletins(bulletins=[bulletin], actor=actor, now=now)
        edition = bulletin.editions.filter(language=options["language"]).first()
        if edition is None:
            raise CommandError(_("It was published, but it has no text in that language."))
        self.stderr.write(
            _("%(reference)s is published and sealed.") % {"reference": bulletin.record.reference}
        )
        self.write(_file_of(edition, options["format"]), options["output"])

    def write(self, content: bytes, output: str) -> None:
        if not output:
            sys.stdout.buffer.write(content)
            return
        # Exactly the bytes that were sealed, whatever the system's line ends.
        Path(output).write_bytes(content)
        self.stderr.write(_("Written: %(file)s") % {"file": output})

    def verify(self, file: str, key: str) -> None:
        """Say what a file is; exit 1 where it is not as it was published."""
        try:
            content = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(str(error)) from error
        verdict = verify(content, _keys(key))
        for fault in [*verdict.notes, *verdict.faults]:
            self.stdout.write(_said(fault))
        manifest = verdict.manifest or {}
        if not verdict.is_genuine:
            self.stdout.write(_("NOT GENUINE: this is not what was published."))
            sys.exit(1)
        self.stdout.write(
            _("Genuine: %(reference)s, “%(title)s”, figures at the end of %(as_of)s.") % manifest
        )
        self.stdout.write(
            _("%(count)s figures, each with its seal; nothing in the file has been changed.")
            % {"count": len(manifest["figures"])}
        )


def _file_of(edition: Edition, form: str) -> bytes:
    return edition.html.encode() if form == "html" else paper_of(edition, form)


def _said(fault: Fault) -> str:
    return _(fault.sentence) % fault.values if fault.values else _(fault.sentence)


def _keys(key: str) -> list[Verifier]:
    try:
        if not key:
            found = verifiers(settings.HOME / "keys")
        elif Path(key).is_file():
            found = read_verifiers(Path(key).read_text("utf-8"))
        else:
            found = [Verifier.parse(key)]
    except (NoteError, OSError, ValueError) as error:
        raise CommandError(_("The public key can't be read: %(why)s") % {"why": error}) from error
    if not found:
        raise CommandError(_("Give the public key with --key: the line of it, or a file."))
    return found
