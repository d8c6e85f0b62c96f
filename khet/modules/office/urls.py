"""Addresses of the office's structure."""

from django.urls import path

from khet.modules.office import views

app_name = "office"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("units/add/", views.unit_add, name="unit_add"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/edit/", views.unit_edit, name="unit_edit"),
    path("units/<int:pk>/posts/add/", views.post_add, name="post_add"),
    path("units/<int:pk>/members/add/", views.member_add, name="member_add"),
    path("members/<int:pk>/leave/", views.member_leave, name="member_leave"),
    path("posts/<int:pk>/roles/", views.post_roles, name="post_roles"),
    path("posts/<int:pk>/appoint/", views.post_appoint, name="post_appoint"),
    path("posts/<int:pk>/vacate/", views.post_vacate, name="post_vacate"),
    path("posts/<int:pk>/delegate/", views.post_delegate, name="post_delegate"),
    path("delegations/<int:pk>/revoke/", views.delegation_revoke, name="delegation_revoke"),
    path("people/", views.people_list, name="people"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/edit/", views.person_edit, name="person_edit"),
    path("people/<int:pk>/account/", views.account_add, name="account_add"),
    path("roles/", views.roles, name="roles"),
    path("roles/add/", views.role, name="role_add"),
    path("roles/<slug:code>/", views.role, name="role"),
]
