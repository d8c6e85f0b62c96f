"""Pages of emergencies."""

from django.urls import path

from khet.modules.emergencies.views import areas
from khet.modules.emergencies.views import pages as views

app_name = "emergencies"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.event, name="event"),
    path("<int:pk>/map/", views.event_map, name="map"),
    path("<int:pk>/areas/", areas.areas, name="areas"),
    path("<int:pk>/areas/<int:area>/remove/", areas.remove_area, name="remove_area"),
    path("<int:pk>/areas/call/", areas.call_inside, name="call_inside"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/call/", views.call, name="call"),
    path("<int:pk>/remind/", views.remind, name="remind"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<int:pk>/paper/", views.paper, name="paper"),
    path("<int:pk>/sheet/", views.sheet, name="sheet"),
    path("<int:event>/schools/<int:school>/", views.school, name="school"),
    path("<int:event>/schools/<int:school>/report/", views.report, name="report"),
    path("<int:event>/schools/<int:school>/photos/<slug:photo>/remove/", views.drop_photo, name="drop_photo"),
]
