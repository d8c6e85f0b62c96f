"""Pages of schools beyond the register: position, map, state, photographs, service area."""

from django.urls import path

from khet.modules.schools.views import emis, villages
from khet.modules.schools.views import pages as views

app_name = "schools"
urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/outlines/", views.outlines, name="outlines"),
    path("map/outlines.json", views.outlines_json, name="outlines_json"),
    path("emis/start/", emis.year, name="emis_year"),
    path("<int:pk>/emis/start/", emis.start, name="start_emis"),
    path("<int:pk>/service-area/", villages.service_area, name="service_area"),
    path("<int:pk>/service-area/<int:service>/drop/", villages.drop_village, name="drop_village"),
    path("<int:pk>/position/", views.position, name="position"),
    path("<int:pk>/status/", views.status, name="status"),
    path("<int:pk>/photos/", views.photos, name="photos"),
    path("<int:pk>/photos/<slug:photo>/remove/", views.drop_photo, name="drop_photo"),
]
