"""Pages of the province's export."""

from django.urls import path

from khet.outlets.province import views

app_name = "province"
urlpatterns = [
    path("", views.home, name="home"),
    path("make/", views.make_export, name="make"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("formats/", views.formats, name="formats"),
    path("formats/retire/<int:pk>/", views.retire, name="retire"),
    path("formats/<slug:code>/<str:version>/", views.format_page, name="format"),
    path("formats/<slug:code>/<str:version>/source/", views.source, name="source"),
]
