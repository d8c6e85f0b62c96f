"""Every address of the system. Each app owns one prefix; the access matrix must name every route."""

from django.urls import include, path

urlpatterns = [
    path("", include("khet.site.home")),
    path("notices/", include("khet.base.notices.urls")),
]
