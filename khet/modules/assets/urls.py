"""Pages of assets beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.assets.views import articles, buildings, checks

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
    path("a/<slug:code>/", checks.label, name="label"),
    path("checks/", checks.board, name="checks"),
    path("checks/open/", checks.open_year, name="open_check"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("checks/<int:pk>/find/", checks.find, name="find"),
    path("checks/<int:pk>/seen/", checks.seen_many, name="seen_many"),
    path("checks/<int:pk>/close/", checks.close, name="close_check"),
    path("checks/<int:pk>/report.pdf", checks.report, name="check_report"),
    path("articles/<int:pk>/seen/<slug:word>/", checks.seen, name="seen"),
    path("<slug:kind>/<int:pk>/photos/", buildings.photos, name="photos"),
    path("<slug:kind>/<int:pk>/photos/<slug:photo>/remove/", buildings.drop_photo, name="drop_photo"),
]
