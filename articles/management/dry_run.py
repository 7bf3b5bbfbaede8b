"""Walk feeds through the stages and print what each one makes of them; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils import timezone

from articles import pipeline, store
from articles.errors import IngestError
from articles.fetch.batch import fetch_many
from articles.fetch.masking import mask_address, mask_text
from articles.lexicon import InForce, current_lexicon
from articles.models import Feed
from articles.records import Response, Tag

SHOWN = 10  # entries of each feed


class Output(Protocol):
    def write(self, msg: str) -> object: ...


def dry_run(feeds: Sequence[Feed], out: Output) -> None:
    """Print fetch, parse, clean, tag and what store would do, for each feed."""
    by_id = {feed.pk: feed for feed in feeds}
    lexicon = current_lexicon()
    requests = [feed.request(unconditional=True) for feed in feeds]
    for request, answer in fetch_many(requests, pipeline.fetch_settings(), pipeline.host_budget(), wait=True):
        feed = by_id[request.feed_id]
        out.write(f"\n{feed.source.name}: {mask_address(request.url)}")
        try:
            _show(feed, answer, lexicon, out)
        except IngestError as error:
            out.write(f"  outcome {error.outcome}: {mask_text(error.message)}")


def _show(feed: Feed, answer: Response | IngestError, lexicon: InForce, out: Output) -> None:
    if isinstance(answer, IngestError):
        raise answer
    kind = answer.headers.get("content-type", "no content type")
    out.write(f"  fetch: {answer.status}, {len(answer.body)} bytes, {kind}, {answer.milliseconds} ms")
    parsed, entries = pipeline.reader().read(answer, now=timezone.now())
    out.write(f"  parse: {parsed.kind or 'feed'} {parsed.title!r}, language {parsed.language or 'not said'}")
    out.write(f"  clean: {len(entries)} entries")
    matched = store.match_entries(feed, entries)
    for item, tags in zip(
        matched.fresh[:SHOWN],
        pipeline.tag_entries(feed, [i.entry for i in matched.fresh[:SHOWN]], lexicon),
        strict=True,
    ):
        out.write(f"    {item.entry.title[:100]!r} {mask_address(item.entry.link)}")
        mark = "relevant" if tags.relevant else "not relevant"
        out.write(f"      tag: {tags.language or '?'}; {mark} ({', '.join(tags.relevance_why)})")
        for name, found in (("countries", tags.countries), ("topics", tags.topics), ("entities", tags.entities)):
            if found:
                out.write(f"      {name}: {'; '.join(_words(tag) for tag in found)}")
    out.write(f"  store: would add {len(matched.new)}, change {len(matched.changed)}, leave {len(matched.known)}")


def _words(tag: Tag) -> str:
    return f"{tag.key} {tag.score:.2f} ({', '.join(tag.why)})"
