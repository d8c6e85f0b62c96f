"""Pages of pupils beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.students.views import doubles, moves, pupils, visits, yearends

app_name = "students"
urlpatterns = [
    path("transfers/", moves.transfers, name="transfers"),
    path("transfers/ask/", moves.ask_page, name="ask"),
    path("transfers/receive/", moves.receive, name="receive"),
    path("transfers/<int:pk>/", moves.transfer, name="transfer"),
    path("<int:pk>/move/", moves.move, name="move"),
    path("<int:pk>/leave/", pupils.leave_page, name="leave"),
    path("<int:pk>/number/", pupils.number, name="number"),
    path("<int:pk>/guardians/", pupils.guardians, name="guardians"),
    path("doubles/", doubles.doubles, name="doubles"),
    path("doubles/<int:pk>/", doubles.double, name="double"),
    path("<int:pk>/double/", doubles.double_of, name="double_of"),
    path("visits/", visits.draws, name="draws"),
    path("visits/<int:pk>/", visits.draw, name="draw"),
    path("visits/<int:draw>/<int:school>/", visits.school, name="visit"),
    path("visits/<int:draw>/<int:school>/sheet.pdf", visits.sheet, name="visit_sheet"),
    path("years/", yearends.years, name="years"),
    path("years/<int:number>/", yearends.year, name="year"),
]
