"""Reports on the desk: retag, hide, correct, move, and actions on many that say how many there are."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from articles import jobs
from articles.models import Article, Decision, Job, ManualTag, Story
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom

LIST = "/admin/articles/article/?period=365"


@pytest.fixture
def editor(db: None) -> Client:
    return signed_in(person("editor"))


def address(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def act(client: Client, article: Article, do: str, **fields: Any) -> str:
    page = client.post(address(article), {"do": do, **fields}, follow=True).content.decode()
    article.refresh_from_db()
    return page


def countries(article: Article) -> set[str]:
    return set(article.country_tags.values_list("country_id", flat=True))


def chosen(client: Client, action: str, articles: list[Article], value: str = "", **fields: Any) -> Any:
    data = {"action": action, "value": value, "_selected_action": [article.pk for article in articles], **fields}
    return client.post(LIST, data, follow=True)


@pytest.mark.parametrize("typed", ["UZ", "Uzbekistan (UZ)", "узбекистан", "Ouzbékistan", " uz "])
def test_a_tag_is_added_by_code_or_name_in_any_language(editor: Client, newsroom: Newsroom, typed: str) -> None:
    article = newsroom.article("Prices rise in Astana")
    story = newsroom.story(article)
    assert "Tagged UZ" in act(editor, article, "add", tag=typed)
    assert "UZ" in countries(article)
    assert story.country_facets.filter(country="UZ").exists(), "lists of readers follow at once"


def test_a_tag_that_an_editor_took_away_stays_away_and_can_be_given_back(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Prices rise in Astana, Kazakhstan")
    act(editor, article, "take country:KZ", reason="only a byline")
    assert countries(article) == set()
    decision = Decision.objects.get()
    assert (decision.action, decision.reason, decision.public) == ("retag", "only a byline", True)
    act(editor, article, "machine")
    assert countries(article) == {"KZ"}
    editor.post(f"/admin/articles/decision/{Decision.objects.order_by('pk').last().pk}/undo/")  # type: ignore[union-attr]
    assert countries(article) == set()


def test_undoing_a_tag_refuses_what_somebody_decided_otherwise_since(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Prices rise")
    act(editor, article, "add", tag="UZ")
    first = Decision.objects.get()
    act(editor, article, "take country:UZ")
    answer = editor.post(f"/admin/articles/decision/{first.pk}/undo/", follow=True)
    assert b"decided otherwise since" in answer.content
    assert ManualTag.objects.get().present is False


@pytest.mark.parametrize(
    ("do", "fields", "said"),
    [
        ("add", {"tag": "Atlantis"}, "no country and no topic"),
        ("add", {"tag": "<script>"}, "no country and no topic"),
        ("add", {}, "Write a country or a topic"),
        ("take country:XX", {}, "There is no country"),
        ("take nonsense", {}, "There is no nonsense"),
        ("language", {"language": "xx"}, "none of the languages"),
        ("hide", {}, "Say why"),
        ("move", {"target": "999999"}, "does not stand"),
        ("move", {"target": "x"}, "number or the address"),
        ("own", {}, "there already"),
        ("explode", {}, "Nothing is known"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    editor: Client, newsroom: Newsroom, do: str, fields: dict[str, str], said: str
) -> None:
    article = newsroom.article("Prices rise")
    newsroom.story(article)
    page = act(editor, article, do, **fields)
    assert said in page
    assert "<script>&" not in page
    assert Decision.objects.count() == 0


def test_a_hidden_report_is_gone_for_readers_and_its_reason_is_not_public(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Secret name of a witness")
    story = newsroom.story(article, newsroom.article("Trial goes on", "tass"))
    act(editor, article, "hide", reason="takedown by court order 17")
    reader = Client()
    assert reader.get(f"/articles/{article.pk}/").status_code == 404
    assert b"Secret name" not in reader.get(story.get_absolute_url()).content
    page = reader.get("/corrections/").content.decode()
    assert "taken down" in page
    assert "court order" not in page
    assert f"/articles/{article.pk}/" not in page
    act(editor, article, "show")
    assert reader.get(f"/articles/{article.pk}/").status_code == 200


def test_language_and_relevance_are_corrected(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Prices rise in Astana, Kazakhstan")
    act(editor, article, "language", language="kk")
    act(editor, article, "language", language="ru")
    assert article.language == "ru"
    assert article.manual_tags.count() == 1, "a report has one language"
    act(editor, article, "irrelevant")
    assert not article.relevant
    act(editor, article, "relevant")
    assert article.relevant


def test_a_report_moves_to_another_story_or_into_its_own(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("One")
    newsroom.story(article, newsroom.article("Two", "tass"))
    other = newsroom.story(newsroom.article("Three", "kazinform"))
    assert f'value="move {other.pk}"' in editor.get(address(article), {"q": "Three"}).content.decode()
    act(editor, article, f"move {other.pk}")
    assert article.story_id == other.pk
    act(editor, article, "own")
    assert article.story_id not in {None, other.pk}
    assert Story.objects.get(pk=article.story_id).article_count == 1


def test_an_action_on_many_says_how_many_before_it_begins(editor: Client, newsroom: Newsroom) -> None:
    articles = [newsroom.article(f"Report {number}") for number in range(3)]
    page = chosen(editor, "add_tag", articles, "water")
    assert "<b>3</b> reports" in page.content.decode()
    assert Decision.objects.count() == 0, "nothing happens before the yes"
    editor.post(page.redirect_chain[-1][0])
    assert Decision.objects.filter(action="retag").count() == 3
    assert all(article.topic_tags.filter(topic__slug="water", manual=True).exists() for article in articles)
    again = editor.post(page.redirect_chain[-1][0], follow=True)
    assert b"confirmed already" in again.content


@pytest.mark.parametrize(
    ("action", "value", "said"),
    [
        ("add_tag", "", "Write a country"),
        ("add_tag", "Atlantis", "no country and no topic"),
        ("hide", "", "Write the reason"),
        ("set_language", "klingon", "Write one of the languages"),
    ],
)
def test_an_action_on_many_without_its_value_is_refused(
    editor: Client, newsroom: Newsroom, action: str, value: str, said: str
) -> None:
    assert said in chosen(editor, action, [newsroom.article("One")], value).content.decode()
    assert Job.objects.count() == 0


def test_above_a_limit_a_job_runs_in_steps_and_goes_on_where_it_was_killed(
    editor: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [newsroom.article(f"Report {number}") for number in range(5)]
    monkeypatch.setattr(jobs, "AT_ONCE", 4)
    monkeypatch.setattr(jobs, "STEP", 2)
    page = chosen(editor, "hide", articles, "spam")
    assert b"in the background" in page.content
    where = page.redirect_chain[-1][0]
    editor.post(where)
    job = Job.objects.get()
    assert (job.confirmed_at is not None, job.done) == (True, 0), "a worker does it"
    assert jobs.step(job.pk, now=job.created_at)
    assert Article.objects.filter(hidden=True).count() == 2
    assert b"2 of 5 done" in editor.get(where).content
    jobs.work(job.pk)
    job.refresh_from_db()
    assert (job.done, job.changed, job.finished_at is not None) == (5, 5, True)
    assert Decision.objects.filter(action="hide", reason="spam").count() == 5
    jobs.work(job.pk)
    assert Decision.objects.count() == 5, "a finished job does nothing again"


def test_a_job_of_another_or_without_the_right_is_not_started(editor: Client, newsroom: Newsroom) -> None:
    page = chosen(editor, "hide", [newsroom.article("One")], "spam")
    where = page.redirect_chain[-1][0]
    assert signed_in(person("administrator")).post(where).status_code == 403
    assert signed_in(person("")).get(where).status_code == 403
    assert Job.objects.get().confirmed_at is None


def test_who_may_only_look_gets_no_action(newsroom: Newsroom) -> None:
    article = newsroom.article("One")
    manager = signed_in(person("source manager"))
    assert b'name="do"' not in manager.get(address(article)).content
    assert manager.post(address(article), {"do": "hide", "reason": "x"}).status_code == 403
    chosen(manager, "hide", [article], "spam")
    assert Job.objects.count() == 0


def test_reports_are_found_by_words_numbers_and_filters(editor: Client, newsroom: Newsroom) -> None:
    article = newsroom.article("Токаев в Астане", language="ru")
    newsroom.article("Cotton", "tass", hidden=True)
    for query in (
        {"q": "Tokayev"},
        {"q": str(article.pk)},
        {"language": "ru"},
        {"outlet": "vlast"},
        {"state": "shown"},
    ):
        page = editor.get(LIST, query).content.decode()
        assert page.count('class="action-select"') == 1, query
        assert address(article) in page
    for name in ("country=KZ", "topic=energy", "sure=low", "state=alone", "period=1", "state=hidden"):
        assert editor.get(f"/admin/articles/article/?{name}").status_code == 200
