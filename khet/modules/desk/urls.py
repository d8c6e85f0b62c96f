"""Addresses of the desk: /desk/…"""

from django.urls import path

from khet.modules.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("done/", views.done, name="done"),
    path("news/", views.news, name="news"),
    path("group/", views.group, name="group"),
    path("director/", views.director, name="director"),
    path("matters/", views.matters, name="matters"),
    path("matters/<int:pk>/", views.matter, name="matter"),
    path("matters/<int:pk>/change/", views.change, name="change"),
    path("write/", views.write, name="write"),
    path("order/", views.order, name="order"),
    path("away/", views.away, name="away"),
    path("away/<int:pk>/back/", views.back, name="back"),
    path("statistics/", views.statistics, name="statistics"),
]
