"""Stories and articles as entries: who reports, from which side, who owns them, in words and as links."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from articles.models import (
    Article,
    ArticleCountry,
    ArticleEntity,
    ArticleTopic,
    Story,
    StoryCountry,
    StoryEntity,
    StoryTopic,
)
from articles.models.source import Perspective
from articles.publish.addresses import absolute, tag_of
from articles.publish.feeds.records import Category, Entry, Told, plain
from articles.publish.names import language_name

REPORTS = 20  # named in one entry
TITLE = 500  # characters


def story_parts() -> list[Prefetch]:
    """What an entry shows of a story apart from its reports; a lead that may not be shown is left out."""
    return [
        Prefetch("lead", Article.objects.published().select_related("source")),
        Prefetch("country_facets", StoryCountry.objects.select_related("country").order_by("-weight", "country_id")),
        Prefetch("topic_facets", StoryTopic.objects.select_related("topic").order_by("-weight", "topic_id")),
        Prefetch("entity_facets", StoryEntity.objects.select_related("entity").order_by("-weight", "entity_id")),
    ]


def article_parts() -> list[Prefetch]:
    """What an entry shows of an article whose outlet is loaded."""
    return [
        Prefetch("story"),
        Prefetch("country_tags", ArticleCountry.objects.select_related("country").order_by("-score", "country_id")),
        Prefetch("topic_tags", ArticleTopic.objects.select_related("topic").order_by("-score", "topic_id")),
        Prefetch("entity_tags", ArticleEntity.objects.select_related("entity").order_by("-score", "entity_id")),
    ]


def of_stories(stories: Sequence[Story], *, language: str) -> list[Entry]:
    """One entry an event, with the first REPORTS reports of each; two queries at most."""
    reports: dict[int, list[Told]] = {story.pk: [] for story in stories}
    first = Window(RowNumber(), partition_by=F("story_id"), order_by=[F("at").asc(), F("id").asc()])
    found = Article.objects.published().filter(story__in=list(reports)).annotate(place=first)
    for article in found.filter(place__lte=REPORTS).select_related("source").order_by("story_id", "at", "pk"):
        if article.story_id is not None:
            reports[article.story_id].append(told(article))
    return [of_story(story, reports[story.pk], language=language) for story in stories]


def of_story(story: Story, reports: Sequence[Told], *, language: str) -> Entry:
    """The entry of an event; ``updated`` moves when a new side joins, not with each report."""
    title, spoken = headline(story, language)
    url = absolute(story.get_absolute_url())
    lead = story.lead
    summary = lead.extract if lead is not None else ""
    left = story.article_count - len(reports)
    return Entry(
        id=tag_of(story),
        url=url,
        title=plain(title)[:TITLE] or url,
        language=spoken,
        summary=plain(summary),
        html=plain(
            paragraph(summary) + paragraph(sides(story)) + list_of(reports) + (more(left, url) if left > 0 else "")
        ),
        published=story.first_at,
        updated=max(story.side_added_at, story.first_at),
        author=settings.SITE_NAME,
        categories=(
            *(category("countries", tag.country.slug, tag.country.name) for tag in story.country_facets.all()),
            *(category("topics", tag.topic.slug, tag.topic.name) for tag in story.topic_facets.all()),
            *(category("entities", tag.entity.slug, tag.entity.name) for tag in story.entity_facets.all()),
        ),
        reports=tuple(reports),
    )


def of_article(article: Article) -> Entry:
    """The entry of a report; it leads to the outlet, our page of its story or of itself stands beside."""
    record = absolute(article.get_absolute_url())
    story = absolute(article.story.get_absolute_url()) if article.story else record
    report = told(article)
    return Entry(
        id=tag_of(article),
        url=article.url or record,
        title=plain(article.title or article.url)[:TITLE] or record,
        language=article.language,
        summary=plain(article.extract),
        html=plain(paragraph(article.extract) + paragraph(f"{report.outlet} ({report.ownership}, {report.side})")),
        published=article.at,
        updated=max(article.updated_at, article.at),
        author=report.outlet,
        categories=(
            *(category("countries", tag.country.slug, tag.country.name) for tag in article.country_tags.all()),
            *(category("topics", tag.topic.slug, tag.topic.name) for tag in article.topic_tags.all()),
            *(category("entities", tag.entity.slug, tag.entity.name) for tag in article.entity_tags.all()),
        ),
        reports=(report,),
        related=story,
    )


def headline(story: Story, language: str) -> tuple[str, str]:
    """The headline in this language where the story has one, and the language that it is in."""
    if not story.headline and language in story.titles:
        return story.titles[language]["title"], language
    return str(story), story.language


def told(article: Article) -> Told:
    source = article.source
    return Told(
        outlet=plain(source.name),
        ownership=str(source.get_ownership_display()),
        side=str(source.get_perspective_display()),
        language=article.language,
        title=plain(article.title)[:TITLE],
        url=article.url or absolute(article.get_absolute_url()),
    )


def category(kind: str, slug: str, name: str) -> Category:
    return Category(term=slug, label=plain(name), scheme=absolute(f"/{kind}/"))


def sides(story: Story) -> str:
    """The perspective counts in words: "4 outlets: Kazakhstan 3, Russia 1"."""
    count = ngettext("%(n)d outlet", "%(n)d outlets", story.source_count) % {"n": story.source_count}
    known = [(Perspective(side).label, number) for side, number in story.perspectives.items() if side in Perspective]
    return f"{count}: {', '.join(f'{side} {number}' for side, number in known)}" if known else count


def list_of(reports: Sequence[Told]) -> SafeString:
    """Each report with its outlet, kind of owner, language and link."""
    items = format_html_join(
        "",
        '<li>{} ({}, {}): <a href="{}" lang="{}">{}</a></li>',
        ((r.outlet, r.ownership, language_name(r.language), r.url, r.language, r.title or r.url) for r in reports),
    )
    return format_html("<ul>{}</ul>", items) if reports else SafeString("")


def more(left: int, url: str) -> SafeString:
    text = ngettext("and %(n)d more report", "and %(n)d more reports", left) % {"n": left}
    return format_html('<p><a href="{}">{}</a></p>', url, text)


def paragraph(text: str) -> SafeString:
    return SafeString(f"<p>{escape(text)}</p>") if text else SafeString("")  # nosec B703
