"""One record: moves, facts, story, thread, comments, and the panels of the apps above."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest, past_day
from guantong.kit.paging import UnknownPage
from guantong.kit.written import written
from guantong.records.forms import CommentForm
from guantong.records.models import Comment, Record
from guantong.records.operations import (
    ANSWERABLE,
    comment_on,
    mark_priority,
    may_mark,
    set_following,
)
from guantong.records.panels import panels_on, way_to_correct
from guantong.records.past import rewind
from guantong.records.queries import moves_of, standing_on, thread_of
from guantong.records.refusals import Refused
from guantong.records.registry import Kind, kind_of
from guantong.records.rules import Who
from guantong.records.views.coming import next_of_others
from guantong.records.views.facts import facts_of
from guantong.records.views.moves import Moves, detail_of, move_link, seen_record
from guantong.records.views.papers import paper_moves
from guantong.records.views.redacting import may_redact
from guantong.records.views.refusing import blame, complain
from guantong.records.views.rows import record_url, row_of
from guantong.records.views.showing import may_show
from guantong.records.views.story import story_of, turned_aside
from guantong.records.views.thread import beside, branches_of, drawing_of, grouped

# Who does the work, and would have more time for it.
ASKING = frozenset({Who.HEAD, Who.LIAISON, Who.RESPONSIBLE})


def show_record(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Show a record whole."""
    record = seen_record(request, record_id)
    try:
        return record_page(request, record)
    except UnknownPage as error:
        raise Http404 from error


def record_page(
    request: CampaignRequest,
    record: Record,
    *,
    comment_form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    kind = kind_of(record.kind)
    detail = detail_of(record)
    person, today = request.user, request.today
    past = past_day(request)
    if past is not None and record.opened_on > past:
        raise Http404(_("It was entered later than that day."))
    campaign = record.campaign
    up = thread_of(record, person=person, on=today, upstream=True, past=past)
    down = thread_of(record, person=person, on=today, upstream=False, past=past)
    after = request.GET.get("after", "")
    story = story_of(record, person=person, on=today, after=after, past=past)
    if past is not None:
        rewind([record, *(s.record for s in up + down)], past, details={record.pk: detail})
    links = [
        move_link(record, move.transition, move.refusal)
        for move in (moves_of(detail, person=person, on=today) if past is None else ())
    ]
    standing = standing_on(record, person, today) if past is None else frozenset()
    return render(
        request,
        "records/record.html",
        {
            "record": record,
            "row": row_of(record, campaign=campaign, today=past or today),
            "kind": kind,
            "turned_aside": turned_aside(record, person=person, on=today) if not past else None,
            "list_url": reverse("records", args=[kind.slug]),
            "moves": Moves.of(links),
            "coming": next_of_others(detail, standing, today)
            if past is None and not any(link.is_forward and not link.refusal for link in links)
            else "",
            "rarer": Moves.of(links, rare=True),
            "on_paper": [
                move_link(record, transition, is_on_paper=True)
                for transition in (paper_moves(detail, person=person, on=today) if not past else ())
            ],
            "redact_url": reverse("redact", args=[record.pk])
            if past is None and may_redact(record, person, today)
            else None,
            "sight_url": reverse("sight", args=[record.pk])
            if past is None and may_show(record, person, today)
            else None,
            "correct_url": way_to_correct(record, person, today) if past is None else None,
            "facts": facts_of(record, detail, kind, person=request.user, on=request.today),
            "story": story,
            "drawing": drawing_of(record, up, down) if up or down else None,
            "led_to_it": grouped(branches_of(record.pk, up, upstream=True)),
            "came_of_it": grouped(branches_of(record.pk, down, upstream=False)),
            "beside": beside(record, person, today) if past is None else [],
            "may_put_beside": bool(standing & ANSWERABLE),
            "more_time_url": _way_to_more_time(record, kind, standing),
            "comments": talk_of(record, past),
            "past": past,
            "is_past": past is not None,
            "present_url": record_url(record.pk),
            "today": today,
            "other_campaign": campaign if campaign != request.campaign else None,
            "follows": bool(_followed(person.pk, record.pk)),
            "may_mark": past is None and may_mark(detail, person, today),
            "comment_form": comment_form or CommentForm(initial=_begun(request.GET)),
            "panels": panels_on(detail, person, today) if past is None else [],
        },
        status=status,
    )


def _way_to_more_time(record: Record, kind: Kind, standing: frozenset[Who]) -> str | None:
    """Where those who do the work ask those above them for an extension: by a question."""
    extend = "extend" in kind.moves and kind.lifecycle.transition("extend")
    is_due = record.due_on is not None and record.state in kind.lifecycle.due_states
    if not extend or not is_due or standing & extend.by or not standing & ASKING:
        return None
    return "?ask=extend#comments"


def _begun(said: Mapping[str, str]) -> dict[str, object]:
    """What the comment form holds at first."""
    text = _("We ask for more time, until …, because …") if said.get("ask") == "extend" else ""
    return {"is_question": "ask" in said, "text": text}


@dataclass(frozen=True)
class Said:
    """One comment, with the answers that it was given where it is a question."""

    comment: Comment
    answers: list[Comment]

    @property
    def waits(self) -> bool:
        return self.comment.is_question and not self.answers


def talk_of(record: Record, past: datetime.date | None = None) -> list[Said]:
    """The comments on a record in their order, each answer beneath its question."""
    comments = _comments(record.pk)
    if past is not None:
        comments = [c for c in comments if record.campaign.day_of(c.written_at) <= past]
    answers: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.answers_id is not None:
            answers[comment.answers_id].append(comment)
    return [Said(one, answers[one.pk]) for one in comments if one.answers_id is None]


@written
def _comments(record: int) -> QuerySet[Comment]:
    return Comment.objects.filter(record=record).select_related("author")


@written
def _followed(person: int, record: int) -> QuerySet[Record, Any]:
    return Record.objects.filter(pk=record).followed_by(person).values_list("pk")


@require_POST
def comment(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Write a comment on a record."""
    record = seen_record(request, record_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return record_page(request, record, comment_form=form, status=422)
    answered = form.cleaned_data["answers"]
    try:
        comment_on(
            record=record,
            text=form.cleaned_data["text"],
            actor=request.user,
            now=request.now,
            answers=record.comments.filter(pk=answered).first() if answered else None,
            is_question=form.cleaned_data["is_question"],
        )
    except Refused as refused:
        blame(form, refused, "text")
        return record_page(request, record, comment_form=form, status=422)
    messages.success(request, _("Your comment is on the record."))
    return redirect(f"{record_url(record.pk)}#comments")


@require_POST
def follow(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Follow a record, or stop."""
    record = seen_record(request, record_id)
    is_on = request.POST.get("follow") == "1"
    set_following(record=record, person=request.user, is_on=is_on)
    messages.success(
        request,
        _("You hear of what happens to it among your notices.")
        if is_on
        else _("You hear no more of it."),
    )
    return redirect(record_url(record.pk))


@require_POST
def mark(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Say that a record is a priority, or none any more."""
    record = seen_record(request, record_id)
    detail = detail_of(record)
    is_on = request.POST.get("priority") == "1"
    try:
        mark_priority(detail=detail, is_priority=is_on, actor=request.user, now=request.now)
    except Refused as refused:
        complain(request, refused)
    else:
        said = _("It is a priority now.") if is_on else _("It is a priority no longer.")
        messages.success(request, said)
    return redirect(record_url(record.pk))
