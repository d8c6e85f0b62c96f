"""Pages of rounds."""

from __future__ import annotations

from django.urls import path, register_converter

from khet.kits.rounds.views import board, closed, findings, handed, home, settings


class TableFile:
    """The name of a file of a census."""

    regex = r"[a-z0-9_]+\.(?:parquet|json)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TableFile, "table_file")

app_name = "rounds"
urlpatterns = [
    path("", home.home, name="home"),
    path("mine/", home.mine, name="mine"),
    path("calendar/", home.calendar, name="calendar"),
    path("plan/", home.plan, name="plan"),
    path("duties/", settings.duties, name="duties"),
    path("duties/<int:pk>/drop/", settings.drop, name="drop_duty"),
    path("forms/", settings.forms, name="forms"),
    path("forms/<int:pk>/", settings.form, name="form"),
    path("censuses/", closed.censuses, name="censuses"),
    path("censuses/<int:pk>/all.zip", closed.census_zip, name="census_zip"),
    path("censuses/<int:pk>/<table_file:name>", closed.census_file, name="census_file"),
    path("returns/<int:pk>/", handed.show, name="return"),
    path("returns/<int:pk>/answers/", handed.answers, name="answers"),
    path("returns/<int:pk>/upload/", handed.upload, name="upload"),
    path("returns/<int:pk>/<slug:act>/", handed.act, name="act"),
    path("findings/<int:pk>/", findings.one, name="finding"),
    path("findings/<int:pk>/accept/", findings.answer, {"act": "accept"}, name="accept_one"),
    path("findings/<int:pk>/refuse/", findings.answer, {"act": "refuse"}, name="refuse"),
    path("findings/<int:pk>/settle/", findings.answer, {"act": "settle"}, name="settle"),
    path("<int:pk>/", board.board, name="board"),
    path("<int:pk>/print/", board.print_board, name="print"),
    path("<int:pk>/edit/", home.edit, name="edit"),
    path("<int:pk>/open/", home.open_one, name="open"),
    path("<int:pk>/check/", board.check_all, name="check"),
    path("<int:pk>/remind/", board.remind_units, name="remind"),
    path("<int:pk>/letter/", board.letter, name="letter"),
    path("<int:pk>/excuse/", board.excuse_unit, name="excuse"),
    path("<int:pk>/verify/", board.verify_many, name="verify"),
    path("<int:pk>/close/", board.close_one, name="close"),
    path("<int:pk>/reopen/", board.reopen_one, name="reopen"),
    path("<int:pk>/receipt/", closed.receipt, name="receipt"),
    path("<int:pk>/findings/", findings.listing, name="findings"),
    path("<int:pk>/findings/accept/", findings.accept_many, name="accept"),
    path("<int:pk>/fix/<int:unit>/", findings.fix, name="fix"),
    path("<int:pk>/fix/<int:unit>/sheet.xlsx", findings.fix_sheet, name="fix_sheet"),
]
