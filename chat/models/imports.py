"""What came from elsewhere, so that a second import finds it again."""

from django.db import models


class ImportedQuerySet(models.QuerySet["Imported"]):
    def objects_of(self, source: str) -> dict[str, int]:
        """Id at the source → our id, for people and rooms."""
        return dict(self.filter(source=source).values_list("external_id", "object_id"))


class Imported(models.Model):
    """A person or room of `source` (`slack:T01`) and the one here that stands for it."""

    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=200)
    object_id = models.BigIntegerField()
    position = models.DateTimeField(null=True, help_text="Of a room: the time of the last entry imported.")
    complete = models.BooleanField(default=False, help_text="Of a room: one import has come to its end.")

    objects = ImportedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "imported"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
