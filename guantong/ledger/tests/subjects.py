"""Models that exist in the ledger's tests only, with every type of field that can be tracked."""

from typing import ClassVar

from django.db import models


class Tray(models.Model):
    LEDGER_PLAIN: ClassVar[set[str]] = {"code"}
    LEDGER_UNTRACKED: ClassVar[set[str]] = {"cached"}

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=4, choices=[("a", "A"), ("b", "B")], default="a")
    weight = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    count = models.IntegerField(default=0)
    opened_on = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    is_full = models.BooleanField(default=False)
    extra = models.JSONField(default=dict)
    cached = models.CharField(max_length=20, blank=True)
    within = models.ForeignKey("self", models.PROTECT, null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return self.code


class Sheet(models.Model):
    """A parent row, as `records.Record` is."""

    LEDGER_PLAIN: ClassVar[set[str]] = {"reference"}

    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    unit = models.IntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return self.reference


class Paper(models.Model):
    """A child row that shares its parent's key, as a strand's models do."""

    sheet = models.OneToOneField(Sheet, models.PROTECT, primary_key=True)
    body = models.TextField(blank=True)
    pages = models.IntegerField(default=0)

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return str(self.sheet_id)


class Label(models.Model):
    """A row that may go."""

    tray = models.ForeignKey(Tray, models.PROTECT)
    word = models.CharField(max_length=20)

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return self.word


class Crate(models.Model):
    """A row that names several others, and named one only before."""

    LEDGER_PLAIN: ClassVar[set[str]] = {"code"}
    LEDGER_FORMERLY: ClassVar[dict[str, str]] = {"tray": "trays"}

    code = models.CharField(max_length=20)
    trays = models.ManyToManyField(Tray)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "ledger_tests"

    def __str__(self) -> str:
        return self.code


MODELS = [Tray, Sheet, Paper, Label, Crate]
