"""Every address of the system. Each app owns one prefix; the access matrix must name every route."""

from django.urls import include, path

urlpatterns = [
    path("", include("khet.site.home")),
    path("", include("khet.base.ui.urls")),
    path("notices/", include("khet.base.notices.urls")),
]

handler400 = "khet.base.ui.refusals.bad_request"
handler403 = "khet.base.ui.refusals.forbidden"
handler404 = "khet.base.ui.refusals.not_found"
handler500 = "khet.base.ui.refusals.server_error"
