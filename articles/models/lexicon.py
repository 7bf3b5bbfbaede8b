"""Countries, topics, entities and the terms by which they are known: together the lexicon."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from articles.models.catalogue import CatalogueRow
from articles.tag.rules import LexiconError, check_term
from articles.tag.rules import Term as Row


def in_language(names: dict[str, Any], language: str | None = None) -> str:
    """The name for readers of ``language`` (default: of the page), else English, else any."""
    code = (language or get_language() or "en").partition("-")[0]
    return names.get(code) or names.get("en") or next(iter(names.values()), "")


class CountryQuerySet(models.QuerySet["Country"]):
    def core(self) -> Self:
        """The five, in their usual order."""
        return self.filter(tier=Country.Tier.CORE)


class Country(CatalogueRow):
    class Tier(models.TextChoices):
        CORE = "core", "one of the five"
        NEIGHBOUR = "neighbour"
        POWER = "power"
        OTHER = "other"

    code = models.CharField("ISO 3166 alpha-2", max_length=2, primary_key=True)
    slug = models.SlugField(unique=True)
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.OTHER)
    names = models.JSONField(default=dict, help_text="name by language: en, fr, ru, kk, ky, uz, uz-Cyrl, tg, tk …")
    position = models.PositiveSmallIntegerField(default=0)

    objects = CountryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)

    def get_absolute_url(self) -> str:
        return reverse("country", args=[self.slug])

    def catalogue_key(self) -> str:
        return self.code


class Topic(CatalogueRow):
    slug = models.SlugField(unique=True)
    titles = models.JSONField(default=dict, help_text="title by language")
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)
    moved_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="moved_from")

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.titles)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def catalogue_key(self) -> str:
        return self.slug


class Entity(CatalogueRow):
    class Type(models.TextChoices):
        PERSON = "person"
        PLACE = "place"
        ORGANISATION = "organisation"
        COMPANY = "company"
        INFRASTRUCTURE = "infrastructure"
        TREATY = "treaty"
        FORMAT = "format"
        EVENT = "event"

    slug = models.SlugField(max_length=80, unique=True)
    type = models.CharField(max_length=20, choices=Type)
    subtype = models.CharField(max_length=40, blank=True)
    names = models.JSONField(default=dict, help_text="display name by language")
    countries = models.ManyToManyField(Country, blank=True, related_name="entities")
    topics = models.ManyToManyField(Topic, blank=True, related_name="entities")
    roles = models.JSONField(default=list, blank=True, help_text="title, country, from, to (years)")
    all_members = models.BooleanField("naming it names all its countries", default=False)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "entities"

    def __str__(self) -> str:
        return self.name or self.slug

    @property
    def name(self) -> str:
        return in_language(self.names) or self.slug

    def get_absolute_url(self) -> str:
        return reverse("entity", args=[self.slug])

    def catalogue_key(self) -> str:
        return self.slug


class EntityName(models.Model):
    """One name of an entity in the form of the search index (finding.py); made by store/entity_names.py."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="sought_names")
    words = models.CharField(max_length=200, db_index=True)

    def __str__(self) -> str:
        return self.words


class Term(CatalogueRow):
    """One way in which one language names a country, a topic or an entity."""

    class Kind(models.TextChoices):
        WORD = "word", "whole word"
        STEM = "stem", "beginning of a word"
        PHRASE = "phrase", "words in a row, * after one: its beginning"
        SUBSTRING = "substring", "anywhere (Chinese)"

    class Weight(models.TextChoices):
        STRONG = "strong"
        WEAK = "weak"

    country = models.ForeignKey(Country, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    entity = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.CASCADE, related_name="terms")
    off_topic = models.CharField(max_length=20, blank=True, help_text="sport, show, weather …: what is not our news")
    language = models.CharField(max_length=10, help_text="en, ru, kk, kk-Latn, uz, uz-Cyrl …")
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WORD)
    weight = models.CharField(max_length=6, choices=Weight, default=Weight.STRONG)
    negative = models.BooleanField("blocks the topic", default=False)
    case = models.BooleanField("case matters", default=False)
    requires = models.JSONField(default=list, blank=True, help_text="at least one of these stands elsewhere")
    unless = models.JSONField(default=list, blank=True, help_text="none of these stands anywhere")
    inside = models.JSONField("not inside", default=list, blank=True, help_text="longer phrases that hide it")
    ambiguous = models.BooleanField(default=False)
    auto = models.BooleanField("made by transliteration", default=False)
    enabled = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="term_one_owner",
                condition=Q(country__isnull=False, topic__isnull=True, entity__isnull=True, off_topic="")
                | Q(country__isnull=True, topic__isnull=False, entity__isnull=True, off_topic="")
                | Q(country__isnull=True, topic__isnull=True, entity__isnull=False, off_topic="")
                | (Q(country__isnull=True, topic__isnull=True, entity__isnull=True) & ~Q(off_topic="")),
            ),
            models.CheckConstraint(name="term_has_text", condition=~Q(text="")),
        ]
        indexes = [models.Index(fields=["language", "text"], name="term_language_text")]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"

    def clean(self) -> None:
        """Refuse what could not be matched, so that one broken row never holds the lexicon back."""
        super().clean()
        for name in ("requires", "unless", "inside"):
            words = getattr(self, name)
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise ValidationError({name: 'A list of words was expected: ["one", "two words"].'})
        owner = self.country_id or self.topic_id or self.entity_id
        row = Row(
            owner_kind="country" if owner else "off_topic",
            owner=str(owner or self.off_topic),
            text=self.text,
            language=self.language,
            kind=self.kind,
            weight=self.weight,
            case=self.case,
            requires=tuple(self.requires),
            unless=tuple(self.unless),
            not_=tuple(self.inside),
        )
        try:
            check_term(row)
        except LexiconError as error:
            raise ValidationError(str(error)) from error

    def catalogue_key(self) -> str:
        owner = f"country:{self.country_id}" if self.country_id else f"off:{self.off_topic}"
        if self.topic:
            owner = f"topic:{self.topic.slug}" + ("!" if self.negative else "")
        elif self.entity:
            owner = f"entity:{self.entity.slug}"
        return f"{owner}|{self.language}|{self.text}|{self.kind}"
