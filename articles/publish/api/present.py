"""Rows as the API gives them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from articles.fetch.masking import mask_address, mask_text
from articles.models import Article, Country, Entity, Feed, Source, Story, Topic
from articles.publish.addresses import absolute


def article(row: Article) -> dict[str, Any]:
    """One report; loaded by ``with_tags()``."""
    source, feed = row.source, row.feed
    return {
        "id": row.pk,
        "url": row.url,
        "title": row.title,
        "summary": row.extract,
        "language": row.language,
        "published_at": row.published_at,
        "fetched_at": row.fetched_at,
        "updated_at": row.updated_at,
        "relevant": row.relevant,
        "source": {
            "slug": source.slug,
            "name": source.name,
            "owner": source.owner,
            "ownership": source.ownership,
            "perspective": source.perspective,
        },
        "feed_url": mask_address(feed.url) if feed else None,
        "feed_current_url": mask_address(feed.current_url) if feed else None,
        "countries": [
            {"code": tag.country_id, "score": tag.score, "manual": tag.manual, "why": tag.why}
            for tag in row.country_tags.all()
        ],
        "topics": [
            {"slug": tag.topic.slug, "score": tag.score, "manual": tag.manual, "why": tag.why}
            for tag in row.topic_tags.all()
        ],
        "entities": [{"slug": tag.entity.slug, "type": tag.entity.type} for tag in row.entity_tags.all()],
        "story_id": row.story_id,
        "sample": settings.SAMPLE_EDITION,
    }


def story(row: Story) -> dict[str, Any]:
    """One event; its facets must be loaded."""
    return {
        "id": row.pk,
        "url": absolute(row.get_absolute_url()),
        "title": str(row),
        "first_published_at": row.first_at,
        "last_published_at": row.last_at,
        "article_count": row.article_count,
        "source_count": row.source_count,
        "languages": row.languages,
        "perspectives": row.perspectives,
        "ownerships": row.ownerships,
        "countries": [facet.country_id for facet in row.country_facets.all()],
        "topics": [facet.topic.slug for facet in row.topic_facets.all()],
        "entities": [facet.entity.slug for facet in row.entity_facets.all()],
        "score": row.rank,
        "lead_article_id": row.lead_id,
        "merged_into": row.merged_into_id,
    }


def source(row: Source) -> dict[str, Any]:
    """One outlet; feeds and labels must be loaded."""
    return {
        "slug": row.slug,
        "name": row.name,
        "url": absolute(row.get_absolute_url()),
        "homepage": row.homepage,
        "owner": row.owner,
        "ownership": row.ownership,
        "perspective": row.perspective,
        "kind": row.kind,
        "base_country": row.base_country,
        "headline_only": row.headline_only,
        "labels": [
            {"name": label.name, "basis": label.basis, "as_of": label.as_of, "verified": label.verified}
            for label in row.labels.all()
        ],
        "feeds": [mask_address(feed.url) for feed in row.feeds.all()],
    }


def country(row: Country) -> dict[str, Any]:
    return {
        "code": row.code,
        "slug": row.slug,
        "name": row.name,
        "names": row.names,
        "tier": row.tier,
        "url": absolute(row.get_absolute_url()),
    }


def topic(row: Topic) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "names": row.titles,
        "description": row.description,
        "url": absolute(row.get_absolute_url()),
    }


def entity(row: Entity) -> dict[str, Any]:
    """One person, place or body; countries and topics must be loaded."""
    return {
        "slug": row.slug,
        "name": row.name,
        "names": row.names,
        "type": row.type,
        "countries": [country.code for country in row.countries.all()],
        "topics": [topic.slug for topic in row.topics.all()],
        "url": absolute(row.get_absolute_url()),
    }


def feed(row: Feed) -> dict[str, Any]:
    """One feed; ``source`` must be loaded."""
    return {
        "url": mask_address(row.url),
        "current_url": mask_address(row.current_url),
        "source": row.source.slug,
        "outcome": row.outcome,
        "status": row.status,
        "message": mask_text(row.message),
        "last_fetched_at": row.last_fetched_at,
        "next_fetch_at": row.next_fetch_at,
        "articles": row.articles_count,
    }
