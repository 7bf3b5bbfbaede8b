"""What lets a catalogue be loaded again without overwriting an editor's work."""

from __future__ import annotations

from typing import Any

from django.db import models


class CatalogueRow(models.Model):
    """A row that a file may have brought.

    ``catalogue`` holds the fields as the file last gave them. A field that differs from it was changed by
    an editor and stays; one that equals it follows the file. Rows made by editors have ``{}``.
    """

    catalogue = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def changed_by_editor(self, name: str) -> bool:
        """Whether this field no longer says what the catalogue said."""
        return name in self.catalogue and self.catalogue[name] != as_json(getattr(self, name))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remember that an editor took this row out, so that the next load does not bring it back."""
        if self.catalogue:
            CatalogueRemoval.objects.get_or_create(model=self._meta.model_name, key=self.catalogue_key())
        return super().delete(*args, **kwargs)

    def catalogue_key(self) -> str:
        """What the file calls this row."""
        raise NotImplementedError


def as_json(value: Any) -> Any:
    """The value as JSON gives it back, for comparing with ``catalogue``."""
    return list(value) if isinstance(value, tuple) else value


class CatalogueRemoval(models.Model):
    """A row of the files that an editor deleted."""

    model = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "key"], name="removal_unique")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
