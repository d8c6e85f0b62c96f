"""Every address of the system. Each app owns one prefix; the access matrix must name every route."""

from django.urls import include, path

from khet.base.database.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("", include("khet.site.home")),
    path("", include("khet.base.ui.urls")),
    path("accounts/", include("khet.base.signin.urls")),
    path("files/", include("khet.kits.files.urls")),
    path("search/", include("khet.kits.search.urls")),
    path("notices/", include("khet.base.notices.urls")),
    path("register/", include("khet.kits.register.urls")),
    path("workflow/", include("khet.kits.workflow.urls")),
    path("office/", include("khet.modules.office.urls")),
    path("letters/", include("khet.modules.letters.urls")),
    path("schools/", include("khet.modules.schools.urls")),
    path("privacy/", include("khet.base.privacy.urls")),
    path("rounds/", include("khet.kits.rounds.urls")),
    path("students/", include("khet.modules.students.urls")),
    path("staff/", include("khet.modules.staff.urls")),
    path("assets/", include("khet.modules.assets.urls")),
    path("emergencies/", include("khet.modules.emergencies.urls")),
    path("children/", include("khet.modules.children.urls")),
    path("desk/", include("khet.modules.desk.urls")),
    path("statistics/", include("khet.outlets.statistics.urls")),
    path("maps/", include("khet.outlets.maps.urls")),
    path("province/", include("khet.outlets.province.urls")),
    path("books/", include("khet.outlets.books.urls")),
    path("api/", include("khet.outlets.api.urls")),
    path("open/", include("khet.outlets.api.open_urls")),
]

handler400 = "khet.base.ui.refusals.bad_request"
handler403 = "khet.base.ui.refusals.forbidden"
handler404 = "khet.base.ui.refusals.not_found"
handler500 = "khet.base.ui.refusals.server_error"
