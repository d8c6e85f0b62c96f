"""Pages of assets beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.assets.views import articles, buildings

app_name = "assets"
urlpatterns = [
    path("buildings/<int:pk>/repair/", buildings.repair, name="repair_building"),
    path("buildings/<int:pk>/demolish/", buildings.ask_for_demolition, name="ask_demolition"),
    path("demolitions/", buildings.demolitions, name="demolitions"),
    path("demolitions/<int:pk>/permit/", buildings.permit, name="permit_demolition"),
    path("demolitions/<int:pk>/refuse/", buildings.refuse, name="refuse_demolition"),
    path("demolitions/<int:pk>/finish/", buildings.finish, name="finish_demolition"),
    path("articles/<int:pk>/repair/", articles.send, name="send_to_repair"),
    path("articles/<int:pk>/repaired/", articles.finish, name="finish_repair"),
    path("<slug:kind>/<int:pk>/photos/", buildings.photos, name="photos"),
    path("<slug:kind>/<int:pk>/photos/<slug:photo>/remove/", buildings.drop_photo, name="drop_photo"),
]
