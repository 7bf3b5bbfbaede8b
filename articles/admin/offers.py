"""What the machine offers to decide: new names, stories that may be one or two."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from articles.admin.deciding import LookAdmin
from articles.curation import Refused, merge_stories
from articles.lexicon import forget_lexicon
from articles.models import Entity, Offer
from articles.names import take_name

SHOWN = 50


@admin.register(Offer)
class OfferAdmin(LookAdmin):
    """One page for each kind; each offer is taken or declined with one click."""

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act)
        return [path("<int:pk>/do/", act, name="articles_offer_do"), *super().get_urls()]

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm("articles.view_story")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = request.GET.get("kind", Offer.Kind.NAME)
        kind = kind if kind in Offer.Kind.values else Offer.Kind.NAME
        offers = Offer.objects.filter(kind=kind, state=Offer.State.OPEN).select_related("story", "other")
        context = {
            **self.admin_site.each_context(request),
            "title": "What the machine asks",
            "opts": Offer._meta,
            "kind": kind,
            "kinds": Offer.Kind.choices,
            "offers": offers.order_by("-score", "-pk")[:SHOWN],
            "types": Entity.Type.choices,
            "may": request.user.has_perm("articles.change_story"),
        }
        return render(request, "admin/offers.html", context)

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take or decline one offer."""
        offer = get_object_or_404(Offer, pk=pk)
        right = "add_entity" if offer.kind == Offer.Kind.NAME else "change_story"
        if request.method != "POST" or not request.user.has_perm(f"articles.{right}"):
            raise PermissionDenied
        try:
            messages.success(request, decide(request, offer))
        except Refused as refusal:
            messages.error(request, str(refusal))
        response = redirect("admin:articles_offer_changelist")
        response["Location"] += f"?kind={offer.kind}"
        return response


def decide(request: HttpRequest, offer: Offer) -> str:
    """Do what the button says; return what was done. Raises Refused."""
    do = request.POST.get("do")
    if do == "decline":
        Offer.objects.filter(pk=offer.pk).update(state=Offer.State.DECLINED)
        return "It is not offered again."
    if do == "take" and offer.kind == Offer.Kind.NAME:
        entity = take_name(offer, request.POST.get("type", ""), by=request.user)
        forget_lexicon()
        return f"{entity} is known now; new reports are tagged with it, older ones after the next retag."
    if do == "take" and offer.kind == Offer.Kind.ONE and offer.story_id and offer.other_id:
        merge_stories(offer.story_id, [offer.other_id], by=request.user.pk)
        Offer.objects.filter(pk=offer.pk).update(state=Offer.State.TAKEN)
        return "The two stories are one now."
    raise Refused("Nothing is known of this action; nothing was done.")
