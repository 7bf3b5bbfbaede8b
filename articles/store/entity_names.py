"""Names of people, places and bodies in the form in which words are sought: made again when the lexicon changes."""

from __future__ import annotations

from django.db import transaction

from articles.finding import words_of
from articles.models import Entity, EntityName, Term

LETTERS = 4  # shorter names (EU, UN) stand in too many searches


def index_names() -> int:
    """Make all names again; return how many there are. Some twenty thousand: a second."""
    found: set[tuple[int, str]] = set()
    for pk, names in Entity.objects.order_by().values_list("pk", "names"):
        found.update((pk, " ".join(words_of(str(name)))) for name in names.values())
    terms = Term.objects.filter(entity__isnull=False, enabled=True, negative=False, weight=Term.Weight.STRONG)
    whole = terms.filter(kind__in=(Term.Kind.WORD, Term.Kind.PHRASE, Term.Kind.SUBSTRING)).exclude(text__contains="*")
    for pk, text in whole.order_by().values_list("entity_id", "text"):
        if pk is not None:
            found.add((pk, " ".join(words_of(text))))
    rows = [EntityName(entity_id=pk, words=words) for pk, words in sorted(found) if LETTERS <= len(words) <= 200]
    with transaction.atomic():
        EntityName.objects.all().delete()
        EntityName.objects.bulk_create(rows, batch_size=500)
    return len(rows)
