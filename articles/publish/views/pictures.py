"""The picture of a story for those who pass its address on."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Story
from articles.publish import picture, when
from articles.publish.headlines import headlines
from articles.publish.views.page import page

KEPT = 3600  # seconds for which others may keep it without asking


@page()
def story_picture(request: HttpRequest, story_id: int) -> HttpResponse:
    """PNG of 1200 × 630: headline, bar, figures."""
    story = get_object_or_404(Story.objects.published(), pk=story_id)
    head, others = headlines(story)
    figures = picture.Figures(settings.SITE_NAME, _("Central Asia, reported from every side"), below(story), sample())
    headline = picture.drawable([head, *others])
    try:
        drawn = picture.draw(headline, story.marks, figures)
    except (OSError, RuntimeError):  # the layout of a stranger's letters failed
        drawn = picture.draw(None, story.marks, figures)
    return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": f"public, max-age={KEPT}"})


def below(story: Story) -> str:
    """Outlets, languages and day."""
    outlets = ngettext("%(n)d outlet", "%(n)d outlets", story.source_count) % {"n": story.source_count}
    languages = ngettext("%(n)d language", "%(n)d languages", len(story.languages)) % {"n": len(story.languages)}
    return f"{outlets}, {languages} · {when.brief_day(timezone.localtime(story.last_at).date(), year=True)}"


def sample() -> str:
    """A word that nothing on it is real, on the sample edition."""
    return _("Sample edition.") if settings.SAMPLE_EDITION else ""
