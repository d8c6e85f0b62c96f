"""Pages of the children of the service area."""

from django.urls import path

from khet.modules.children.views import cases, children, extracts, home, papers

app_name = "children"
urlpatterns = [
    path("", home.home, name="home"),
    path("sheet/", home.sheet, name="sheet"),
    path("match/", home.match_now, name="match"),
    path("papers/", papers.papers, name="papers"),
    path("extracts/", extracts.listed, name="extracts"),
    path("extracts/<int:batch>/", extracts.extract, name="extract"),
    path("tracing/", cases.tracing, name="tracing"),
    path("cases/<int:pk>/visit/", cases.visit, name="visit"),
    path("cases/<int:pk>/close/", cases.close, name="close_case"),
    path("cases/<int:pk>/reopen/", cases.reopen, name="reopen_case"),
    path("cases/<int:pk>/visits/<int:visit>/", cases.note, name="note"),
    path("<int:pk>/elsewhere/", children.elsewhere, name="elsewhere"),
    path("<int:pk>/clear/", children.clear, name="clear"),
    path("<int:pk>/trace/", children.open_case, name="open_case"),
]
