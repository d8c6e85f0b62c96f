"""Addresses of the frame: ``/menu/``, ``/keys/``, ``/preferences/``."""

from django.urls import path

from khet.base.ui import views

app_name = "ui"
urlpatterns = [
    path("menu/", views.everything, name="menu"),
    path("keys/", views.keys, name="keys"),
    path("preferences/", views.preferences, name="preferences"),
]
