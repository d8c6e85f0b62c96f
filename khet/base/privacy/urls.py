"""Addresses of privacy: ``/privacy/…``."""

from __future__ import annotations

from django.urls import path

from khet.base.privacy.views import readings

app_name = "privacy"
urlpatterns = [
    path("", readings.trail, name="readings"),
    path("export/", readings.export, name="readings_export"),
    path("mine/", readings.mine, name="mine"),
]
