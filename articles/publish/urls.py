"""Pages for people; each stands in three languages. Every list has its feeds beside it."""

from django.urls import path
from django.views.generic import TemplateView

from articles.publish import outgoing as feeds
from articles.publish.views import lists, stories, texts

LISTS = (
    ("", lists.front, "front", feeds.front),
    ("countries/<slug:slug>/", lists.country, "country", feeds.country),
    ("countries/<slug:slug>/<slug:topic_slug>/", lists.country_topic, "country-topic", feeds.country_topic),
    ("topics/<slug:slug>/", lists.topic, "topic", feeds.topic),
    ("entities/<slug:slug>/", lists.entity, "entity", feeds.entity),
    ("sources/<slug:slug>/", lists.source, "source", feeds.source),
    ("search/", lists.search, "search", feeds.search),
    ("archive/<int:year>/<int:month>/<int:day>/", lists.archive, "archive", feeds.archive),
)

urlpatterns = [
    *[path(f"{base}feed.{kind}", feed, {"kind": kind}) for base, _, _, feed in LISTS for kind in feeds.FORMATS],
    *[path(base, view, name=name) for base, view, name, _ in LISTS],
    path("countries/", lists.countries, name="countries"),
    path("topics/", lists.topics, name="topics"),
    path("sources/", lists.sources, name="sources"),
    path("stories/<int:story_id>/", stories.story_detail),
    path("stories/<int:story_id>/<slug:slug>/", stories.story_detail, name="story"),
    path("articles/<int:article_id>/", stories.article_detail, name="article"),
    path("archive/", lists.archive_today, name="archive-today"),
    path("status/", lists.status, name="status"),
    path("feeds/", texts.subscribe, name="feeds"),
    path("corrections/", texts.corrections, name="corrections"),
    path("about/accuracy/", texts.accuracy, name="accuracy"),
    *[
        path(f"{name}/", TemplateView.as_view(template_name=f"articles/about/{file}.html"), name=file)
        for name, file in (
            ("about", "about"),
            ("about/method", "method"),
            ("privacy", "privacy"),
            ("contact", "contact"),
        )
    ],
]
