"""Rules on the desk: tried before they are saved, refused when they flood, topics that move, names that are offered."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import names, offers
from articles.lexicon import forget_lexicon
from articles.models import Article, Decision, Entity, Job, Offer, Term, Topic
from articles.retagging import retag_articles
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom

ADD = "/admin/articles/term/add/"


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(person("editor"))


def term(**fields: Any) -> dict[str, Any]:
    given = {
        "text": "zhanbyrbek", "language": "en", "kind": "word", "weight": "strong", "country": "UZ", "requires": "[]",
        "unless": "[]", "inside": "[]", "enabled": "on",
    }  # fmt: skip
    return {**given, **fields}


def topics_of(article: Article) -> set[str]:
    return set(article.topic_tags.values_list("topic__slug", flat=True))


def test_a_term_is_tried_on_stored_reports_and_nothing_is_saved(editor: Client, newsroom: Newsroom) -> None:
    newsroom.article("Zhanbyrbek opens a new gas plant")
    newsroom.article("Nothing of it")
    before = Term.objects.count()
    page = editor.post(ADD, {**term(), "_try": "1"}).content.decode()
    assert "Of the newest 2 reports, 1 hold" in page
    assert "<ins>UZ" in page
    assert Term.objects.count() == before
    assert 'name="text" value="zhanbyrbek"' in page, "it can be saved from there"
    assert editor.post(ADD, {**term(), "_save": "1"}).status_code == 302
    assert Decision.objects.get(target="term").action == "add"
    saved = Term.objects.get(text="zhanbyrbek")
    page = editor.post(f"/admin/articles/term/{saved.pk}/change/", {**term(text="other"), "_try": "1"}).content.decode()
    assert "<del>UZ" in page
    saved.refresh_from_db()
    assert saved.text == "zhanbyrbek"


def test_a_term_that_would_flood_a_language_is_refused_with_the_figure(editor: Client, newsroom: Newsroom) -> None:
    for number in range(40):
        newsroom.article(f"Report {number} of the day", "vlast" if number % 2 else "tass")
    for button in ("_try", "_save"):
        page = editor.post(ADD, {**term(text="report"), button: "1"}).content.decode()
        assert "100% of the newest reports in “en”" in page
    assert not Term.objects.filter(text="report").exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "!!!"}, "nothing to match"),
        ({"text": "two words"}, "several words"),
        ({"text": "ab", "kind": "stem"}, "a stem needs"),
        ({"language": "xx"}, "unknown language"),
        ({"country": ""}, "names one country"),
        ({"topic": "1"}, "names one country"),
        ({"requires": "[1]"}, "list of words"),
        ({"requires": "nonsense"}, "valid JSON"),
        ({"kind": "regex"}, "Select a valid choice"),
    ],
)
def test_a_term_that_cannot_be_matched_is_refused_in_words(editor: Client, fields: dict[str, str], said: str) -> None:
    fields = {"topic": str(Topic.objects.all()[0].pk)} if "topic" in fields else fields
    before = Term.objects.count()
    assert said in editor.post(ADD, {**term(**fields), "_save": "1"}).content.decode().replace("&#x27;", "'")
    assert Term.objects.count() == before


def test_terms_are_edited_in_place_in_the_list(editor: Client) -> None:
    row = Term.objects.filter(kind="word", enabled=True).order_by("text", "pk")[0]
    where = f"/admin/articles/term/?q={row.text}&language={row.language}"
    page = editor.get(where)
    formset = page.context["cl"].formset
    data: dict[str, Any] = {
        "form-TOTAL_FORMS": len(formset.forms),
        "form-INITIAL_FORMS": len(formset.forms),
        "_save": "1",
    }
    for number, form in enumerate(formset.forms):
        data |= {f"form-{number}-id": form.instance.pk, f"form-{number}-kind": form.instance.kind}
        data |= {f"form-{number}-weight": form.instance.weight}
        if form.instance.enabled and form.instance.pk != row.pk:
            data[f"form-{number}-enabled"] = "on"
    assert editor.post(where, data).status_code == 302
    row.refresh_from_db()
    assert not row.enabled
    assert Decision.objects.get(target="term").after == {"enabled": False}
    call_command("load_catalogue", verbosity=0)
    row.refresh_from_db()
    assert not row.enabled, "a reload of the catalogue leaves it alone"


def test_a_renamed_topic_keeps_its_reports_terms_and_old_address(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Water of the Syr Darya: Kazakhstan and Uzbekistan agree on reservoirs and irrigation")
    retag_articles([article.pk], now=timezone.now())
    assert "water" in topics_of(article)
    topic = Topic.objects.get(slug="water")
    terms = topic.terms.count()
    by_hand = newsroom.article("Something else")
    editor.post(f"/admin/articles/article/{by_hand.pk}/change/", {"do": "add", "tag": "water"})
    do = f"/admin/articles/topic/{topic.pk}/do/"
    assert b"small letters" in editor.post(do, {"do": "rename", "slug": "Wa ter"}, follow=True).content
    assert b"already" in editor.post(do, {"do": "rename", "slug": "energy"}, follow=True).content
    editor.post(do, {"do": "rename", "slug": "rivers"})
    assert topics_of(article) >= {"rivers"}
    assert "water" not in topics_of(article)
    assert "rivers" in topics_of(by_hand), "an editor's tag follows"
    assert Client().get("/topics/water/").headers["Location"] == "/topics/rivers/"
    assert Client().get("/topics/rivers/").status_code == 200
    call_command("load_catalogue", verbosity=0)
    call_command("retag", verbosity=0)
    assert "rivers" in topics_of(article)
    assert topic.terms.count() == terms
    decision = Decision.objects.get(action="rename")
    editor.post(f"/admin/articles/decision/{decision.pk}/undo/")
    assert "water" in topics_of(article)


def test_topics_merge_and_retire(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Water of the Syr Darya: Kazakhstan and Uzbekistan agree on reservoirs and irrigation")
    retag_articles([article.pk], now=timezone.now())
    water, energy = Topic.objects.get(slug="water"), Topic.objects.get(slug="energy")
    do = f"/admin/articles/topic/{water.pk}/do/"
    assert b"with itself" in editor.post(do, {"do": "merge", "into": "water"}, follow=True).content
    assert b"Give the address" in editor.post(do, {"do": "merge", "into": "nowhere"}, follow=True).content
    editor.post(do, {"do": "merge", "into": "energy"})
    assert "energy" in topics_of(article)
    assert "water" not in topics_of(article)
    editor.post(f"/admin/articles/topic/{energy.pk}/do/", {"do": "retire"})
    assert not topics_of(article) & {"energy", "water"}
    assert Client().get("/topics/energy/").status_code == 200, "a retired topic keeps its address"
    assert b"retired already" in editor.post(do, {"do": "retire"}, follow=True).content
    assert Job.objects.filter(action="retag", finished_at__isnull=False).count() == 2


def name_in_news(newsroom: Newsroom) -> None:
    outlets = ("vlast", "tass", "kazinform")
    for number in range(6):
        title = (
            "The press heard from Bektur Zhanaliev about roads"
            if number % 2
            else "Сегодня утром Бектур Жаналиев сказал о дорогах"
        )
        now = timezone.now()
        tongue = {"language": "en", "script": "Latn"} if number % 2 else {"language": "ru", "script": "Cyrl"}
        newsroom.article(title, outlets[number % 3], **tongue, at=now, fetched_at=now)


def test_a_name_that_recurs_over_scripts_is_offered_and_taken_with_one_click(
    editor: Client, newsroom: Newsroom
) -> None:
    name_in_news(newsroom)
    names.offer_names(now=timezone.now())
    offer = Offer.objects.get(kind="name")
    assert set(offer.facts) == {"en", "ru"}
    editor.post(f"/admin/articles/offer/{offer.pk}/do/", {"do": "take", "type": "person"})
    entity = Entity.objects.order_by("-pk")[0]
    assert set(entity.terms.values_list("language", flat=True)) == {"en", "ru"}
    forget_lexicon()
    article = Article.objects.filter(language="ru")[0]
    retag_articles([article.pk], now=timezone.now())
    assert article.entity_tags.filter(entity=entity).exists()
    names.offer_names(now=timezone.now())
    assert not Offer.objects.filter(kind="name", state="open", key=offer.key).exists()


def test_what_was_declined_is_not_offered_again(editor: Client, newsroom: Newsroom) -> None:
    name_in_news(newsroom)
    offers.look(now=timezone.now())
    offer = Offer.objects.filter(kind="name")[0]
    editor.post(f"/admin/articles/offer/{offer.pk}/do/", {"do": "decline"})
    offers.look(now=timezone.now())
    offer.refresh_from_db()
    assert offer.state == "declined"
    assert signed_in(person("source manager")).post(f"/admin/articles/offer/{offer.pk}/do/").status_code == 403


@pytest.mark.parametrize("role", ["editor", "source manager", "administrator"])
def test_the_desk_shows_each_role_what_needs_a_hand(newsroom: Newsroom, role: str) -> None:
    newsroom.story(newsroom.article("One"))
    client = signed_in(person(role))
    page = client.get("/admin/")
    assert page.status_code == 200
    text = page.content.decode()
    for need in page.context["needs"]:
        where = need["url"] if need["url"].startswith("/") else f"/admin/{need['url']}"
        assert client.get(where).status_code == 200, need
    assert "Labels not verified" in text
    for kind in ("name", "one", "two", "nonsense"):
        assert client.get(f"/admin/articles/offer/?kind={kind}").status_code == 200
