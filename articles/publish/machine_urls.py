"""Addresses without a language: health, API, robots."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
