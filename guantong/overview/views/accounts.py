"""Passwords: links with which people choose theirs, changing one's own, closing an account."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.overview.forms import ReasonForm
from guantong.overview.forms.haste import refuse_haste, welcome
from guantong.overview.views.people import found_people, roles_of
from guantong.people.models import Person
from guantong.people.operations import (
    CannotAdmit,
    admit_people,
    choose_password,
    close_accounts,
    forget_attempts,
    open_accounts,
    sign_in_links,
)
from guantong.people.rules import ADMINISTRATOR

# What counts the old passwords typed by whoever sits at a browser that somebody left open.
OPEN = "open"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def link_for(request: CampaignRequest, person: Person) -> str:
    """Return the address at which a person chooses a password, good once and for some days."""
    where = urlsafe_base64_encode(force_bytes(person.pk)), sign_in_links.make_token(person)
    path = reverse("choose-password", args=where)
    return f"{settings.ADDRESS}{path}" if settings.ADDRESS else request.build_absolute_uri(path)


def last_day(request: CampaignRequest) -> datetime.date:
    """Return the day on which a link that is made now still holds."""
    return request.today + datetime.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


@require_POST
def make_link(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Make one person's link and show it, this once."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=person_id)
    try:
        admit_people(people=[person], actor=request.user, now=request.now)
    except CannotAdmit as refused:
        messages.error(request, str(refused))
        return redirect("person", person_id=person.pk)
    given = {"shown": person, "link": link_for(request, person), "until": last_day(request)}
    return render(request, "overview/sign_in_link.html", given)


@require_POST
def make_links(request: CampaignRequest) -> HttpResponse:
    """Make a workbook of links for all who are listed and can't sign in yet."""
    if ADMINISTRATOR not in roles_of(request):
        raise Http404
    listed = found_people(request.POST.get("q", "").strip()).filter(is_active=True)
    people = [one for one in listed.order_by("unit__path", "pk") if not one.has_usable_password()]
    try:
        admit_people(people=people, actor=request.user, now=request.now)
    except CannotAdmit as refused:
        messages.error(request, str(refused))
        return redirect("people")
    if not people:
        messages.info(request, _("All who are listed can sign in already."))
        return redirect("people")
    answer = HttpResponse(_workbook(request, people), content_type=SHEET)
    answer["Content-Disposition"] = 'attachment; filename="sign-in-links.xlsx"'
    return answer


def _workbook(request: CampaignRequest, people: Iterable[Person]) -> bytes:
    out = io.BytesIO()
    head = (_("Unit"), _("Name"), _("User name"), _("Sign-in link"), _("Good until"))
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, head, book.add_format({"bold": True, "bottom": 1}))
        page.freeze_panes(1, 0)
        page.set_column(0, 2, 18)
        page.set_column(3, 3, 70)
        until = last_day(request).isoformat()
        for number, one in enumerate(people, start=1):
            link = link_for(request, one)
            page.write_row(number, 0, (str(one.unit or ""), one.name, one.username, link, until))
    return out.getvalue()


class _Entered(SetPasswordForm):
    """A form whose password is chosen by the operation."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["new_password1"].help_text = _(
            "At least eight characters: not digits alone, no common word, nothing like your name."
        )
        self.fields["new_password2"].help_text = ""

    def save(self, commit: bool = True) -> Person:
        word = self.cleaned_data["new_password1"]
        person = Person.objects.get(pk=self.user.pk)
        self.user = choose_password(person=person, password=word, now=timezone.now())
        return self.user


class _Changed(_Entered, PasswordChangeForm):
    """The same, where the old password is asked too."""

    def clean_old_password(self) -> str:
        refuse_haste(self.user.username, OPEN)
        word = super().clean_old_password()
        forget_attempts(username=self.user.username, browser=OPEN)
        return word


@method_decorator(login_not_required, name="dispatch")
class ChoosePassword(PasswordResetConfirmView):
    """Whoever has the link chooses the password, and is signed in."""

    template_name = "overview/choose_password.html"
    form_class = _Entered
    token_generator = sign_in_links
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    reset_url_token = "new"
    success_url = reverse_lazy("home")

    def get_user(self, uidb64: str) -> Any:
        person = super().get_user(uidb64)
        return person if person is not None and person.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The password is yours. Keep it to yourself."))
        return welcome(self.request, super().form_valid(form), form.user.username)


class ChangePassword(PasswordChangeView):
    """One changes one's own password, saying the old one."""

    template_name = "overview/change_password.html"
    form_class = _Changed
    success_url = reverse_lazy("home")
    title = gettext_lazy("Change your password")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("The password is changed. Other browsers are signed out."))
        return super().form_valid(form)


@require_POST
def close_account(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Let a person sign in no more."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=person_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _do(request, person, close_accounts, _("The account is closed."), reason=reason)


@require_POST
def open_account(request: CampaignRequest, person_id: int) -> HttpResponse:
    """Let a person whose account was closed sign in again."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=person_id)
    return _do(request, person, open_accounts, _("The account is open again."))


def _do(
    request: CampaignRequest, person: Person, operation: Any, done: str, **options: Any
) -> HttpResponse:
    try:
        operation(people=[person], actor=request.user, now=request.now, **options)
    except CannotAdmit as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("person", person_id=person.pk)
