"""Addresses of notices."""

from django.urls import path

from khet.base.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="home"),
    path("<int:pk>/", views.follow, name="follow"),
    path("read-all/", views.read_all, name="read_all"),
    path("channels/", views.channels, name="channels"),
    path("live/", views.live, name="live"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/retry/", views.outbox_retry, name="outbox_retry"),
]
