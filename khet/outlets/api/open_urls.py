"""Open data: for everybody, without signing in; what is opened is said at manage/."""

from django.urls import path, register_converter

from khet.outlets.api.views import opening


class _Part:
    """A part of a file's address that is one of few words."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Round(_Part):
    regex = r"[0-9]{4}-[a-z]+-[0-9]{1,2}"


class Level(_Part):
    regex = "area|district|school"


class Ending(_Part):
    regex = "csv|json|parquet"


register_converter(Round, "open_round")
register_converter(Level, "open_level")
register_converter(Ending, "open_ending")

app_name = "open"
urlpatterns = [
    path("", opening.home, name="home"),
    path("catalogue.jsonld", opening.catalogue_file, name="catalogue"),
    path("manage/", opening.manage, name="manage"),
    path("<slug:code>/", opening.one_set, name="set"),
    path("<slug:code>/<open_round:round>/<open_level:level>.<open_ending:ending>", opening.file, name="file"),
]
