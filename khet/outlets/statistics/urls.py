"""Pages of statistics."""

from django.urls import path, register_converter

from khet.outlets.statistics.views import director, home, indicator, school


class TableKind:
    """The kinds of file a table comes in."""

    regex = "csv|xlsx|parquet"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableKind, "table_kind")

app_name = "statistics"
urlpatterns = [
    path("", home.home, name="home"),
    path("director/", director.director, name="director"),
    path("schools/", school.mine, name="my_school"),
    path("schools/<str:code>/", school.school, name="school"),
    path("<slug:code>/", indicator.indicator, name="indicator"),
    path("<slug:code>/chart.svg", indicator.chart, name="chart"),
    path("<slug:code>/table.<table_kind:kind>", indicator.table, name="table"),
]
