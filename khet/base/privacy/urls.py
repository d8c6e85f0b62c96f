"""Addresses of privacy: ``/privacy/…``."""

from __future__ import annotations

from django.urls import path

from khet.base.privacy.views import copies, keeping, readings

app_name = "privacy"
urlpatterns = [
    path("", readings.trail, name="readings"),
    path("export/", readings.export, name="readings_export"),
    path("mine/", readings.mine, name="mine"),
    path("mine/copy/", copies.mine, name="copy_mine"),
    path("copy/<str:kind>/<int:pk>/", copies.of, name="copy"),
    path("keeping/", keeping.table, name="keeping"),
    path("keeping/<str:code>/", keeping.one, name="keeping_one"),
]
