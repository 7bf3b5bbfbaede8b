"""Pages for people; each stands in three languages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
