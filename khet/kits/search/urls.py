from django.urls import path

from khet.kits.search import views

app_name = "search"
urlpatterns = [path("", views.home, name="home")]
