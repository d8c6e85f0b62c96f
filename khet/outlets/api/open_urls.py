"""Open data: for everybody, without signing in; what is opened is said at manage/."""

from django.urls import path, re_path

from khet.outlets.api.views import opening

app_name = "open"
urlpatterns = [
    path("", opening.home, name="home"),
    path("catalogue.jsonld", opening.catalogue_file, name="catalogue"),
    path("manage/", opening.manage, name="manage"),
    path("<slug:code>/", opening.one_set, name="set"),
    re_path(
        r"^(?P<code>[a-z0-9_.-]{1,80})/(?P<round>[0-9]{4}-[a-z]+-[0-9]{1,2})/(?P<level>area|district|school)\.(?P<ending>csv|json|parquet)$",
        opening.file,
        name="file",
    ),
]
