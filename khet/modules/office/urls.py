"""Addresses of the office's structure."""

from django.urls import path

from khet.modules.office.views import people, posts, roles, units

app_name = "office"
urlpatterns = [
    path("", units.tree, name="tree"),
    path("units/add/", units.unit_add, name="unit_add"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:pk>/posts/add/", posts.post_add, name="post_add"),
    path("units/<int:pk>/members/add/", units.member_add, name="member_add"),
    path("members/<int:pk>/leave/", units.member_leave, name="member_leave"),
    path("posts/<int:pk>/roles/", posts.post_roles, name="post_roles"),
    path("posts/<int:pk>/appoint/", posts.post_appoint, name="post_appoint"),
    path("posts/<int:pk>/vacate/", posts.post_vacate, name="post_vacate"),
    path("posts/<int:pk>/delegate/", posts.post_delegate, name="post_delegate"),
    path("delegations/<int:pk>/revoke/", posts.delegation_revoke, name="delegation_revoke"),
    path("people/", people.people_list, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/account/", people.account_add, name="account_add"),
    path("roles/", roles.roles, name="roles"),
    path("roles/add/", roles.role, name="role_add"),
    path("roles/new-rights/", roles.new_rights, name="new_rights"),
    path("roles/<slug:code>/", roles.role, name="role"),
]
