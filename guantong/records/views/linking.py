"""Records that people put beside one another: to be seen, too, when one is looked at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.records.models import Link, Record
from guantong.records.operations import refer_no_more, refer_to
from guantong.records.refusals import Refused
from guantong.records.rules import reference_of
from guantong.records.views.record import seen_record
from guantong.records.views.refusing import complain
from guantong.records.views.rows import record_url


@require_POST
def put_beside(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Put the record that the typed reference names beside this one."""
    record = seen_record(request, record_id)
    reference = reference_of(request.POST.get("reference", ""))
    seen = Record.objects.visible_to(request.user, request.today, is_few=True)
    other = seen.filter(campaign=record.campaign, reference=reference).exclude(reference="").first()
    if other is None:
        said = {"reference": reference or "–"}
        messages.error(request, _("There is no record %(reference)s that you can see.") % said)
    else:
        try:
            refer_to(record=record, other=other, actor=request.user, now=request.now)
        except Refused as refused:
            complain(request, refused)
        else:
            messages.success(request, _("%(record)s is to be seen, too.") % {"record": other})
    return redirect(f"{record_url(record.pk)}#thread")


@require_POST
def take_away(request: CampaignRequest, record_id: int, link_id: int) -> HttpResponse:
    """Take a record away again from beside this one, with the reason."""
    record = seen_record(request, record_id)
    links = Link.objects.select_related("source__unit", "target__unit", "target__campaign")
    link = get_object_or_404(links, pk=link_id)
    if record.pk in (link.source_id, link.target_id):
        try:
            reason = request.POST.get("reason", "")
            refer_no_more(link=link, actor=request.user, now=request.now, reason=reason)
        except Refused as refused:
            complain(request, refused)
    return redirect(f"{record_url(record.pk)}#thread")
