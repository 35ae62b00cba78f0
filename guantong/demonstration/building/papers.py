"""The papers of the demonstration: a few invented files, each kept once and shown on many."""

from __future__ import annotations

from collections.abc import Iterable

from guantong.demonstration.building.stage import Stage
from guantong.evidence.models import File
from guantong.evidence.operations import Reuse, Upload, attach_files, reuse_files
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.rules import Paper


class Papers:
    """Keeps the files at the first record that wants them, and attaches them to the others."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.files: list[tuple[str, File]] = []
        self._decisions = 0

    def keep(self, record: Record, actor: Person) -> None:
        """Store the files, as evidence of a first record."""
        stage, words = self.stage, self.stage.pen.words
        uploads = [
            Upload(name, [words.evidence_text.format(name=name).encode()], caption=name)
            for name in words.evidence
        ]
        attached = attach_files(record=record, uploads=uploads, actor=actor, now=stage.now)
        self.files = [(one.name, one.file) for one in attached if one.file is not None]

    def attach(self, records: Iterable[Record], actor: Person) -> None:
        """Attach one of the files to each record, dated today."""
        stage = self.stage
        reuses = []
        for record in records:
            name, file = stage.one_of(self.files)
            caption = stage.pen.one_of(stage.pen.words.progress)
            reuses.append(Reuse(record, file, name, caption, stage.today))
        reuse_files(reuses=reuses, actor=actor, now=stage.now)

    def signed_by(self, person: Person) -> Paper:
        """A numbered decision that a leader took on paper today."""
        self._decisions += 1
        scan = self.files[0][1].sha256 if self.files else "0" * 64
        number = f"{self.stage.today.year}-{self._decisions:03}"
        return Paper(on=self.stage.today, number=number, scan=scan, by=person.pk)
