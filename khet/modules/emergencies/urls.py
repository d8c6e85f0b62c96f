"""Pages of emergencies."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "emergencies"
urlpatterns: list[URLPattern] = []
