"""Pages of maps."""

from django.urls import path

from khet.outlets.maps import views

app_name = "maps"
urlpatterns = [
    path("", views.home, name="home"),
    path("data.json", views.data, name="data"),
    path("service-areas.json", views.regions, name="regions"),
    path("struck-areas.json", views.struck, name="struck"),
    path("distances/", views.distances, name="distances"),
    path("map.pdf", views.paper, name="paper"),
    path("files/", views.files, name="files"),
]
