"""Pages of schools beyond the register: position, map, state, photographs."""

from django.urls import path

from khet.modules.schools import views

app_name = "schools"
urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/outlines/", views.outlines, name="outlines"),
    path("map/outlines.json", views.outlines_json, name="outlines_json"),
    path("<int:pk>/position/", views.position, name="position"),
    path("<int:pk>/status/", views.status, name="status"),
    path("<int:pk>/photos/", views.photos, name="photos"),
    path("<int:pk>/photos/<slug:photo>/remove/", views.drop_photo, name="drop_photo"),
]
