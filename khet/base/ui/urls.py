"""Addresses of the frame: ``/menu/``, ``/keys/``, ``/holidays/``, ``/preferences/``, ``/gallery/``."""

from django.urls import path

from khet.base.ui import views
from khet.base.ui.gallery import gallery

app_name = "ui"
urlpatterns = [
    path("menu/", views.everything, name="menu"),
    path("keys/", views.keys, name="keys"),
    path("gallery/", gallery, name="gallery"),
    path("gallery/<slug:part>/", gallery, name="gallery_part"),
    path("holidays/", views.holidays, name="holidays"),
    path("preferences/", views.preferences, name="preferences"),
]
