"""Pages for people; each stands in three languages. Every list has its feeds beside it."""

from django.urls import path

from articles.publish import feeds
from articles.publish.views import (
    front,
    indexes,
    languages,
    lists,
    pictures,
    search,
    sources,
    stories,
    subscribe,
    suggest,
    texts,
)

LISTS = (
    ("", front.front, "front", feeds.front),
    ("countries/<slug:slug>/", lists.country, "country", feeds.country),
    ("countries/<slug:slug>/<slug:topic_slug>/", lists.country_topic, "country-topic", feeds.country_topic),
    ("topics/<slug:slug>/", lists.topic, "topic", feeds.topic),
    ("entities/<slug:slug>/", lists.entity, "entity", feeds.entity),
    ("sources/<slug:slug>/", sources.source, "source", feeds.source),
    ("search/", search.search, "search", feeds.search),
    ("archive/<int:year>/<int:month>/<int:day>/", search.archive, "archive", feeds.archive),
)

urlpatterns = [
    path("sources/suggest/", suggest.suggest, name="suggest"),
    *[path(f"{base}feed.{kind}", feed, {"kind": kind}) for base, _, _, feed in LISTS for kind in feeds.FORMATS],
    *[path(base, view, name=name) for base, view, name, _ in LISTS],
    path("countries/", indexes.countries, name="countries"),
    path("topics/", indexes.topics, name="topics"),
    path("sources/", sources.sources, name="sources"),
    path("stories/<int:story_id>/", stories.story_detail),
    path("stories/<int:story_id>/picture.png", pictures.story_picture, name="picture"),
    path("stories/<int:story_id>/<slug:slug>/", stories.story_detail, name="story"),
    path("articles/<int:article_id>/", stories.article_detail, name="article"),
    path("archive/<int:year>/<int:month>/", search.month, name="archive-month"),
    path("archive/", search.archive_today, name="archive-today"),
    path("languages/", languages.choose, name="languages"),
    path("status/", sources.status, name="status"),
    path("feeds/", subscribe.subscribe, name="feeds"),
    path("corrections/", texts.corrections, name="corrections"),
    path("about/accuracy/", texts.accuracy, name="accuracy"),
    path("about/", texts.about, name="about"),
    path("about/method/", texts.method, name="method"),
    path("privacy/", texts.privacy, name="privacy"),
    path("contact/", texts.contact, name="contact"),
]
