"""Actions on many rows: the page that asks before one begins and then shows how far it is."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html

from articles import jobs
from articles.admin.deciding import LookAdmin
from articles.curation import Refused
from articles.models import Job


@admin.register(Job)
class JobAdmin(LookAdmin):
    list_display = ("created_at", "title", "progress", "changed", "user", "finished_at", "message")
    list_select_related = ("user",)
    ordering = ("-pk",)
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return Job.objects.filter(confirmed_at__isnull=False)

    @admin.display(description="done")
    def progress(self, job: Job) -> str:
        return format_html('<progress max="100" value="{}"></progress> {} of {}', job.percent, job.done, len(job.ids))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask, then show how far it is; only who drafted a job confirms it."""
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 16 else 0
        job = get_object_or_404(Job.objects.select_related("user"), pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if job.user_id != request.user.pk or not request.user.has_perm(jobs.ACTIONS[job.action].permission):
                raise PermissionDenied
            try:
                jobs.start(job)
            except Refused as refusal:
                messages.error(request, str(refusal))
            return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": job.title.capitalize(),
            "job": job,
            "total": len(job.ids),
            "at_once": jobs.AT_ONCE,
            "opts": Job._meta,
        }
        return render(request, "admin/job.html", context)
