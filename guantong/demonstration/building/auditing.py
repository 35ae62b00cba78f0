"""Audit in the demonstration: samples, verdicts, queries; and evidence that ages or must go."""

from __future__ import annotations

import datetime
import random
from collections.abc import Hashable, Sequence

from guantong.audit.models import AuditQuery
from guantong.audit.operations import (
    QueryDraft,
    answer_queries,
    draw_sample,
    find_sound,
    raise_queries,
    settle_queries,
)
from guantong.demonstration.building.rectification import Rectification
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words.afterwards import AfterWords
from guantong.evidence.models import Attachment
from guantong.evidence.operations import NamedDocument, Upload, name_documents, replace_attachment
from guantong.ledger.queries import texts_on_stories
from guantong.people.models import Person
from guantong.records.models import Drawn, Record
from guantong.records.operations import comment_on, redact_texts
from guantong.rectification.rules import PROBLEM

SIZE = 8


class Auditing:
    """Lets the auditor look at closed problems by sample; it has dice of its own, too."""

    def __init__(self, stage: Stage, words: AfterWords, rectification: Rectification) -> None:
        self.stage, self.words, self.rectification = stage, words, rectification
        self.dice = random.Random(f"auditing {stage.first}")
        self.queries = self.answers = 0
        stage.step("audit.draw", self.draw)
        stage.step("audit.judge", self.judge)
        stage.step("audit.answer", self.answer)
        stage.step("audit.settle", self.settle)
        stage.step("evidence.renew", self.renew)
        stage.step("record.redact", self.redact)

    def prepare(self) -> None:
        stage = self.stage
        for before in (60, 18):
            day = stage.working_day(stage.last - datetime.timedelta(before))
            stage.put(day, "audit.draw", stage.cast.auditor, before)
        day = stage.working_day(stage.last - datetime.timedelta(40))
        stage.put(day, "evidence.renew", stage.cast.coordinators[0], None)
        stage.put(day, "record.redact", stage.cast.coordinators[0], None)

    def _some(self, words: Sequence[str]) -> str:
        return words[self.dice.randrange(len(words))]

    def draw(self, actor: Person, rows: Sequence[int], _key: Hashable) -> None:
        stage = self.stage
        closed = Record.objects.filter(
            campaign=stage.campaign, kind="problem", state="closed", is_restricted=False
        ).visible_to(actor, stage.today)
        count = closed.count()
        if not count:
            return
        made = draw_sample(
            campaign=stage.campaign,
            kind="problem",
            records=closed,
            size=min(SIZE, count),
            drawn_from=self.words.closed_problems,
            filters="state=closed",
            seed=f"demonstration-{rows[0]}",
            actor=actor,
            now=stage.now,
        )
        for drawn in made.drawn.all():
            if self.dice.random() < 0.9:
                stage.put(stage.working_day(stage.today), "audit.judge", actor, drawn.pk)

    def judge(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        """Every third record of a sample raises a query; the others are sound."""
        stage = self.stage
        rows = Drawn.objects.filter(pk__in=ids).order_by("position")
        drawn = list(rows.select_related("draw", "record__unit", "record__campaign"))
        asked = drawn[::3]
        due_on = stage.working_day(stage.today + datetime.timedelta(14))
        queries = raise_queries(
            drafts=[
                QueryDraft(one.record, self._some(self.words.questions), due_on=due_on, drawn=one)
                for one in asked
            ],
            actor=actor,
            now=stage.now,
        )
        for one, query in zip(asked, queries, strict=True):
            case = self.rectification.cases.get(one.record_id)
            self.queries += 1
            # One of three has to wait, so that some stand unanswered at the end.
            if case is not None and self.queries % 3:
                day = stage.working_day(stage.today + datetime.timedelta(6))
                stage.put(day, "audit.answer", case.desk.head, query.pk)
        sound = [one for one in drawn if one not in asked]
        find_sound(drawn=sound, actor=actor, now=stage.now, note=self._some(self.words.sound))

    def answer(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        stage = self.stage
        for query in load(AuditQuery, ids):
            said = self._some(self.words.answers)
            answer_queries(queries=[query], answer=said, actor=actor, now=stage.now)
            self.answers += 1
            if self.answers % 2 or stage.today < stage.last - datetime.timedelta(30):
                day = stage.working_day(stage.today + datetime.timedelta(5))
                stage.put(day, "audit.settle", stage.cast.auditor, query.pk)

    def settle(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        for query in load(AuditQuery, ids):
            is_upheld = self.dice.random() < 0.4
            settle_queries(
                queries=[query],
                outcome="upheld" if is_upheld else "cleared",
                settlement=self._some(self.words.upheld if is_upheld else self.words.cleared),
                actor=actor,
                now=self.stage.now,
            )

    def renew(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """One file gets a later version; of one document only its name and place are told."""
        stage = self.stage
        files = Attachment.objects.filter(record__campaign=stage.campaign)
        attachments = files.in_force().exclude(file=None)
        first = attachments.select_related("record__campaign").order_by("pk").first()
        if first is None:
            return
        replace_attachment(
            attachment=first,
            upload=Upload(first.name, [self.words.rule.encode()]),
            actor=actor,
            now=stage.now,
        )
        name_documents(
            record=first.record,
            documents=[
                NamedDocument(
                    self.words.rule,
                    self.words.kept_at,
                    dated_on=stage.today - datetime.timedelta(20),
                    valid_until=stage.today + datetime.timedelta(10),
                )
            ],
            actor=actor,
            now=stage.now,
        )

    def redact(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A comment names a private person, and the words are taken out again."""
        stage = self.stage
        problems = Record.objects.filter(campaign=stage.campaign, kind="problem")
        record = problems.filter(state__in=PROBLEM.open_states).order_by("pk").first()
        if record is None:
            return
        comment = comment_on(record=record, text=self.words.personal, actor=actor, now=stage.now)
        texts = [
            text
            for text in texts_on_stories([record.pk])
            if (text.subject_kind, text.subject_id) == ("comment", comment.pk)
        ]
        redact_texts(texts=texts, actor=actor, now=stage.now, reason=self.words.redacted)
