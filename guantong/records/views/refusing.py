"""What a page says of a refusal: above a form, beside one of its fields, or in a message."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from guantong.records.models import Record
from guantong.records.refusals import Refusal, Refused, sentences_of


def blame(form: forms.Form, refused: Exception, field: str | None = None) -> None:
    """Put each sentence of a refusal beside a field of the form, or above all of them."""
    for sentence in sentences_of(refused):
        form.add_error(field, sentence)


def complain(request: HttpRequest, refused: Refused) -> None:
    """Say each sentence of a refusal on the page that comes next."""
    for refusal in refused.refusals:
        messages.error(request, refusal.sentence)


def told_on(record: Record, refusal: Refusal) -> str:
    """Say a refusal on the page of a record; where it is about another one, by its reference."""
    return refusal.sentence if refusal.record == record else str(refusal)
