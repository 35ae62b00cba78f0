"""What every form for free text says (rule 12), once for each form however many boxes it has."""

from typing import Any

from django import forms, template
from django.utils.translation import gettext_lazy as _

register = template.Library()

NOTHING_CLASSIFIED = _("Write nothing classified here.")


def takes_free_text(form: Any) -> bool:
    """Whether somebody may write at length into the form, or hand in a file."""
    fields = form.fields.values() if form else ()
    return any(isinstance(one.widget, forms.Textarea | forms.FileInput) for one in fields)


@register.inclusion_tag("kit/_unclassified.html")
def unclassified(*several: Any) -> dict[str, Any]:
    """Say it beneath one or `several` forms that are sent together, where any is for free text."""
    return {"sentence": NOTHING_CLASSIFIED if any(map(takes_free_text, several)) else ""}
