"""What the ledger keeps: entries, their blankable texts, their leaves, signed checkpoints."""

from typing import Any, ClassVar, NoReturn, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _


class InsertOnly(TypeError):
    """A row of the ledger was about to be changed or deleted."""

    def __init__(self, model: type[models.Model], verb: str) -> None:
        super().__init__(f"{model.__name__} rows are insert-only: {verb} is refused.")


class InsertOnlyQuerySet(models.QuerySet):
    """Reads and inserts; everything that would change a row is refused before it is sent."""

    def update(self, **values: Any) -> NoReturn:
        raise InsertOnly(self.model, "update")

    def delete(self) -> NoReturn:
        raise InsertOnly(self.model, "delete")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise InsertOnly(self.model, "bulk_update")

    def update_or_create(self, *args: Any, **options: Any) -> NoReturn:
        raise InsertOnly(self.model, "update_or_create")

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise InsertOnly(self.model, "delete")

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[Any]:
        if options.get("update_conflicts"):
            raise InsertOnly(self.model, "update_conflicts")
        return super().bulk_create(objs, *args, **options)


class InsertOnlyModel(models.Model):
    """A row that is written once; the database's triggers say the same (see `triggers`)."""

    objects: ClassVar[Any] = InsertOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, **options: Any) -> None:
        if not self._state.adding or options.get("force_update") or options.get("update_fields"):
            raise InsertOnly(type(self), "save")
        options["force_insert"] = True
        super().save(**options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise InsertOnly(type(self), "delete")


class TransactionId(models.Func):
    """The id of the transaction that writes; SQLite, where writers queue, needs none."""

    arity = 0
    output_field: ClassVar[models.Field] = models.BigIntegerField()

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any]]:
        return "0", []

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, list[Any]]:
        return "pg_current_xact_id()::text::bigint", []


class Effect(models.TextChoices):
    """What an entry says was done to the row of its subject; replay follows it."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    REMOVED = "removed", _("removed")
    NOTED = "noted", _("noted")


class Entry(InsertOnlyModel):
    """One thing that somebody did to one subject, as it was written down at the time.

    `changes` maps a field to `[old, new]`, or, where the value is free text or personal, to
    `{"text": commitment}`; the commitment's salt and value are the `Text` of that entry and field.
    """

    recorded_at = models.DateTimeField()
    effective_on = models.DateField()
    operation = models.UUIDField()
    actor = models.BigIntegerField(null=True)
    code = models.CharField(max_length=100)
    effect = models.CharField(max_length=8, choices=Effect.choices)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    record = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    changes = models.JSONField()
    reason = models.CharField(max_length=64, blank=True)
    xact = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta(InsertOnlyModel.Meta):
        abstract = False
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="entry_subject"),
            models.Index(
                fields=["record", "id"],
                name="entry_record",
                condition=models.Q(record__isnull=False),
            ),
            models.Index(
                fields=["unit", "id"],
                name="entry_unit",
                condition=models.Q(unit__isnull=False),
            ),
            models.Index(fields=["operation"], name="entry_operation"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.code} {self.subject_kind} {self.subject_id}"


class Text(InsertOnlyModel):
    """The value behind one commitment of an entry: `[old, new]` as JSON; blanked when redacted."""

    pk = models.CompositePrimaryKey("entry_id", "field")
    # No constraint: entries can't go, `verify` checks both ways, and PostgreSQL would look the
    # entry up once more for each of an import's hundreds of thousands of texts.
    entry = models.ForeignKey(
        Entry,
        on_delete=models.DO_NOTHING,
        related_name="texts",
        db_constraint=False,
        db_index=False,
    )
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=32, null=True)  # noqa: DJ001 (NULL is "blanked")
    value = models.TextField(null=True)  # noqa: DJ001

    class Meta(InsertOnlyModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"

    @property
    def is_blanked(self) -> bool:
        return self.value is None


class Leaf(InsertOnlyModel):
    """The place of an entry in the tree, with the RFC 6962 leaf hash of the entry's bytes."""

    index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(
        Entry, on_delete=models.DO_NOTHING, related_name="leaf", db_constraint=False
    )
    hash = models.BinaryField(max_length=32)

    class Meta(InsertOnlyModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.index} → {self.entry_id}"


class Checkpoint(InsertOnlyModel):
    """A signed statement of the tree's root at one size.

    `frontier` keeps the roots of the perfect subtrees that cover the tree, largest first, so that
    the next checkpoint hashes only what has come since.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta(InsertOnlyModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()}"

    @classmethod
    def latest(cls) -> Self | None:
        return cls.objects.order_by("-size").first()  # type: ignore[return-value]
