"""What people say about records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models.records import Record


class Comment(models.Model):
    """A question, an answer or a remark on a record; no step in its lifecycle."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")
    is_question = models.BooleanField(_("question"), default=False)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
