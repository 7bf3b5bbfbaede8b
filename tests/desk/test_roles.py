"""Roles come with the migrations, and the server checks each action."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from articles.models import Decision, Source, Topic
from tests.desk.people import person, signed_in
from tests.publish.newsroom import Newsroom

pytestmark = pytest.mark.django_db
MAY = {
    "editor": {"articles.change_story", "articles.change_article", "articles.delete_term"},
    "source manager": {"articles.delete_feed", "articles.add_source"},
    "administrator": {"articles.change_story", "articles.delete_feed", "readers.change_user"},
}
MAY_NOT = {
    "editor": {"articles.change_feed", "articles.add_source", "readers.view_user", "auth.change_group"},
    "source manager": {"articles.change_story", "articles.change_article", "articles.change_term"},
    "administrator": {"auth.change_group", "readers.delete_user"},
}


def test_the_roles_are_there_after_migrating() -> None:
    assert {"editor", "source manager", "administrator"} <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize("role", MAY)
def test_each_role_may_do_its_work_and_no_other(role: str) -> None:
    user = person(role)
    assert {right for right in MAY[role] if not user.has_perm(right)} == set()
    assert {right for right in MAY_NOT[role] if user.has_perm(right)} == set()


def test_an_action_posted_by_hand_is_refused_without_the_right() -> None:
    client = signed_in(person("editor"))
    source = Source.objects.get(slug="tass")
    data = {"action": "hide", "_selected_action": [source.pk]}
    client.post("/admin/articles/source/", data)
    source.refresh_from_db()
    assert not source.hidden
    assert client.post(f"/admin/articles/source/{source.pk}/change/", {"name": "x"}).status_code == 403
    assert client.get("/admin/readers/user/").status_code == 403


def test_an_administrator_by_role_cannot_raise_anybody_above() -> None:
    chief = person("", is_superuser=True)
    client = signed_in(person("administrator"))
    assert client.get(f"/admin/readers/user/{chief.pk}/change/").status_code in {200, 403}
    assert client.post(f"/admin/readers/user/{chief.pk}/change/", {"email": "x@example.org"}).status_code == 403
    other = person("editor")
    data = {"email": other.email, "name": "N", "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    client.post(f"/admin/readers/user/{other.pk}/change/", data)
    other.refresh_from_db()
    assert other.name == "N"
    assert not other.is_superuser


def test_a_change_in_a_form_is_recorded_and_undone_from_the_list() -> None:
    user = person("editor")
    client = signed_in(user)
    topic = Topic.objects.get(slug="water")
    before = topic.description
    page = client.get(f"/admin/articles/topic/{topic.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields}
    data |= {"titles": '{"en": "Water"}', "description": "Rivers and dams", "position": "3"}
    answer = client.post(f"/admin/articles/topic/{topic.pk}/change/", data)
    assert answer.status_code == 302, answer.context["errors"]
    decision = Decision.objects.get(target="topic")
    assert (decision.user, decision.action, decision.target_id) == (user, "change", str(topic.pk))
    assert decision.before["description"] == before
    client.post("/admin/articles/decision/", {"action": "undo_chosen", "_selected_action": [decision.pk]})
    topic.refresh_from_db()
    decision.refresh_from_db()
    assert topic.description == before
    assert decision.undone_by == user


def test_what_was_changed_again_is_not_undone_over_it() -> None:
    user = person("editor")
    topic = Topic.objects.get(slug="water")
    decision = Decision.objects.create(
        user=user,
        action="change",
        target="topic",
        target_id=str(topic.pk),
        before={"position": 1},
        after={"position": 77},
    )
    answer = signed_in(user).post(f"/admin/articles/decision/{decision.pk}/undo/", follow=True)
    assert b"changed it since" in answer.content
    decision.refresh_from_db()
    assert decision.undone_at is None


def test_nobody_undoes_what_they_might_not_do(newsroom: Newsroom) -> None:
    article = newsroom.article("One")
    decision = Decision.objects.create(
        action="hide", target="article", target_id=str(article.pk), before={"hidden": True}, after={"hidden": False}
    )
    assert signed_in(person("source manager")).post(f"/admin/articles/decision/{decision.pk}/undo/").status_code == 403
