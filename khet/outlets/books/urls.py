"""Pages of books."""

from django.urls import path

from khet.outlets.books import views

app_name = "books"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:year>/", views.edition, name="edition"),
    path("<int:year>/edit/", views.edit, name="edit"),
    path("<int:year>/preview/<slug:code>/", views.preview, name="preview"),
    path("<int:year>/emblem/", views.emblem, name="emblem"),
    path("<int:year>/emblem/remove/", views.emblem_off, name="emblem_off"),
    path("<int:year>/make/", views.make, name="make"),
    path("<int:year>/files/", views.files, name="files"),
    path("<int:year>/publish/", views.publish, name="publish"),
    path("<int:year>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:year>/schools/", views.schools, name="schools"),
    path("<int:year>/schools/<slug:code>/", views.school, name="school"),
]
