"""The spreadsheet of persons, and how cells name a person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Change,
    Choice,
    Code,
    Column,
    Context,
    Lookup,
    Refers,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
    YesNo,
)
from guantong.kit.sheets.offering import by_name_or_code, cells_of
from guantong.people.models import Person, Role
from guantong.people.operations import (
    AppointmentDraft,
    PersonDraft,
    appoint,
    correct_people,
    register_people,
)
from guantong.people.rules import ADMINISTRATOR, COORDINATOR


def people_named(texts: set[str]) -> Mapping[str, Sequence[Person]]:
    """Find persons by user name; those that no user name names, by name."""
    found: dict[str, list[Person]] = {
        person.username: [person] for person in Person.objects.filter(username__in=texts)
    }
    rest = texts - set(found)
    for person in Person.objects.filter(Q(name__in=rest)):
        found.setdefault(person.name, []).append(person)
    return found


def _with_names(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Person]:
    found = _people(context).filter(username__in=[username for (username,) in keys])
    return {(person.username,): person for person in found}


def _people(context: Context) -> Any:
    people = Person.objects.select_related("unit").order_by("unit__path", "pk")
    return people.prefetch_related("appointments")


def _role(person: Person) -> str:
    """The role that a person holds over the own unit; the first, where there are several."""
    held = [a for a in person.appointments.all() if a.unit_id == person.unit_id and not a.ends_on]
    return min(held, key=lambda a: a.pk).role if held else ""


def _register(rows: Sequence[Values], context: Context) -> Sequence[Person]:
    people = register_people(
        drafts=[
            PersonDraft(
                username=row["username"],
                name=row["name"],
                unit=row["unit"],
                post=row["post"],
                email=row["email"],
                is_leader=bool(row["is_leader"]),
            )
            for row in rows
        ],
        actor=context.actor,
        now=context.now,
    )
    appoint(
        drafts=[
            AppointmentDraft(person, row["role"], row["unit"])
            for person, row in zip(people, rows, strict=True)
            if row["role"]
        ],
        actor=context.actor,
        now=context.now,
        starts_on=context.today,
    )
    return people


def _correct(changes: Sequence[Change], context: Context) -> None:
    values: dict[Person, dict[str, Any]] = {}
    for change in changes:
        values[change.thing] = dict(change.values)
        if "is_leader" in change.values:
            values[change.thing]["is_leader"] = bool(change.values["is_leader"])
    correct_people(changes=values, actor=context.actor, now=context.now)


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    held = {grant.role for grant in context.actor.grants(context.today)} if context.actor else None
    for row in rows:
        role = "" if row.thing else row.values.get("role", "")
        if held is not None and not held & {ADMINISTRATOR, COORDINATOR}:
            sentence = gettext(
                "People are registered by the system administrator or a coordinator."
            )
            yield RowError(row.number, "", sentence)
        elif role and held is not None and ADMINISTRATOR not in held:
            sentence = gettext("Roles are given by the system administrator.")
            yield RowError(row.number, "role", sentence)
        elif role and not row.values.get("unit"):
            sentence = gettext("A role is held over a unit: name the person's unit.")
            yield RowError(row.number, "unit", sentence)


def _no_address(text: str) -> str | None:
    try:
        validate_email(text)
    except ValidationError:
        return gettext("“%(text)s” is no e-mail address; one looks like name@example.org.") % {
            "text": text[:80]
        }
    return None


LOOKUPS = (
    Lookup(
        "person",
        _("person"),
        find=lambda texts, context: people_named(texts),
        name=lambda person: person.username,
        cells=lambda people: cells_of(people, code="username"),
        near=lambda context: [
            text for pair in Person.objects.values_list("name", "username")[:5000] for text in pair
        ],
        offered=lambda context, words: by_name_or_code(
            Person.objects.select_related("unit").order_by("pk"),
            words,
            code="username",
            note=lambda person: str(person.unit or ""),
        ),
    ),
)

SHEETS = (
    Sheet(
        kind="people",
        label=_("People"),
        columns=(
            Column(
                "username",
                _("User name"),
                Code(80),
                required=True,
                aliases=("user", "account", "用户名", "账号"),
                example="zhang.wei",
                writes="new",
            ),
            Column(
                "name",
                _("Full name"),
                Text(120),
                required=True,
                aliases=("name", "姓名", "名称"),
                example=_("Zhang Wei"),
            ),
            Column("unit", _("Unit"), Refers("unit"), aliases=("单位",), example="D01"),
            Column(
                "post", _("Post"), Text(120), aliases=("position", "职务"), example=_("Director")
            ),
            Column(
                "email",
                _("E-mail"),
                Text(254),
                aliases=("mail", "邮箱", "电子邮箱"),
                check=_no_address,
            ),
            Column(
                "role",
                _("Role over the unit"),
                Choice(Role),
                aliases=("role", "appointment", "角色", "任职"),
                help=_("Given by the system administrator; others leave it empty."),
                example=Role.LIAISON.label,
                get=_role,
                writes="new",
            ),
            Column("is_leader", _("Leader"), YesNo(), aliases=("领导", "是否领导")),
        ),
        key=("username",),
        things=_people,
        find=_with_names,
        create=_register,
        update=_correct,
        check=_check,
        noun="person",
        names=("username", "name"),
        after=("units",),
    ),
)
