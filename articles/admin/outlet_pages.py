"""Pages about outlets: add a site with its feeds, merge two outlets, subscriptions in and out as OPML."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from articles import decisions, outlet_decisions
from articles.curation import Refused
from articles.discovery import Found, find_feeds
from articles.errors import IngestError
from articles.importing import export_outlines, import_outlines
from articles.models import Country, Source
from articles.models.source import Ownership, Perspective
from articles.parse.opml import MAX_BYTES, OpmlError, read_opml

BASIS = "An editor's own look at the site"


def require(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(f"articles.{right}"):
        raise PermissionDenied


def add_site(request: HttpRequest) -> HttpResponse:
    """Ask for an address, show the feeds found there, and take the ticked ones in with the outlet's labels."""
    require(request, "add_source")
    address = (request.POST.get("site") or request.GET.get("site", "")).strip()[:1000]
    found: Found | None = None
    error = ""
    if address:
        try:
            address = outlet_decisions.web_address(address)
            if request.method == "POST":
                return save_site(request, address)
            found = find_feeds(address)
        except (Refused, IngestError) as fault:
            error = str(fault)
    context = {
        **admin.site.each_context(request),
        "title": "Add a site",
        "address": address,
        "found": found,
        "error": error,
        "ownerships": Ownership.choices,
        "perspectives": Perspective.choices,
        "countries": Country.objects.all() if found else [],
        "basis": BASIS,
    }
    return render(request, "admin/add_site.html", context)


def save_site(request: HttpRequest, address: str) -> HttpResponse:
    """Take in what was ticked. Raises Refused."""
    post = request.POST
    chosen = [outlet_decisions.web_address(url) for url in post.getlist("feed")[:20]]
    titles, languages = dict(pairs(post.getlist("title"))), dict(pairs(post.getlist("language")))
    country = post.get("base_country", "")
    labels = outlet_decisions.Labels(
        name=post.get("name", ""),
        owner=post.get("owner", ""),
        ownership=post.get("ownership", ""),
        perspective=post.get("perspective", ""),
        base_country=country if Country.objects.filter(pk=country).exists() else "",
        basis=post.get("basis", "").strip() or BASIS,
        verified="verified" in post,
    )
    feeds = [(url, titles.get(url, ""), languages.get(url, "")[:10]) for url in chosen]
    source = outlet_decisions.add_site(address, feeds, labels, by=request.user, everything="everything" in post)
    messages.success(request, f"{source} was added with {len(feeds)} feeds; they are fetched within a minute.")
    return redirect("admin:articles_source_change", source.pk)


def pairs(values: list[str]) -> list[tuple[str, str]]:
    """Fields "address value" as pairs; an address holds no blank."""
    return [(url, rest) for url, _, rest in (value.partition(" ") for value in values[:40])]


@require_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge another outlet into this one."""
    require(request, "change_source")
    require(request, "delete_source")
    kept = get_object_or_404(Source, pk=pk)
    name = request.POST.get("other", "").strip().strip("/").rpartition("/")[2]
    gone = Source.objects.filter(slug=name).first() or Source.objects.filter(name=request.POST.get("other", "")).first()
    try:
        if gone is None:
            raise Refused("Give the short name (slug), the full name or the address of the page of the other outlet.")
        outlet_decisions.merge_outlets(kept, gone, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, f"{gone} was merged into {kept}; its address leads here.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:articles_source_change", kept.pk)


def opml(request: HttpRequest) -> HttpResponse:
    """Take a list of subscriptions in."""
    require(request, "add_source")
    if request.method == "POST":
        try:
            take(request)
            return redirect("admin:articles_source_changelist")
        except (OpmlError, Refused) as error:
            messages.error(request, str(error))
    context: dict[str, Any] = {**admin.site.each_context(request), "title": "Subscriptions in and out (OPML)"}
    return render(request, "admin/opml.html", context)


def take(request: HttpRequest) -> None:
    """Read the uploaded file whole, then store it in one transaction. Raises OpmlError or Refused."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise Refused("Choose a file.")
    if (file.size or 0) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    outlines = read_opml(file.read())
    if not outlines:
        raise Refused("The file holds no address of a feed.")
    added, known = import_outlines(outlines)
    for source in Source.objects.order_by("-pk")[:added]:
        decisions.record(request.user, decisions.ADD, source, before={}, after=decisions.snapshot(source))
    messages.success(request, f"{added} feeds were added and wait for review; {known} were known already.")


def export(request: HttpRequest) -> HttpResponse:
    """All enabled feeds as a file."""
    require(request, "view_source")
    name = f"feeds-{timezone.localdate():%Y-%m-%d}.opml"
    return HttpResponse(
        export_outlines(),
        content_type="text/x-opml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
