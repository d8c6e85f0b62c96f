"""Pages of staff beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.staff.views import officials

app_name = "staff"
urlpatterns = [
    path("officials/<int:pk>/place/", officials.place_page, name="place"),
    path("officials/<int:pk>/vacate/", officials.vacate_page, name="vacate"),
    path("officials/<int:pk>/second/", officials.second_page, name="second"),
    path("officials/<int:pk>/back/", officials.back_page, name="back"),
    path("officials/<int:pk>/leave/", officials.leave_page, name="leave"),
    path("officials/<int:pk>/citizen-id/", officials.citizen_id_page, name="citizen_id"),
    path("officials/<int:pk>/photo/", officials.photo_page, name="photo"),
    path("officials/<int:pk>/photo/remove/", officials.drop_photo, name="drop_photo"),
    path("officials/<int:pk>/parts/<slug:code>/", officials.part_page, name="add_part"),
    path("officials/<int:pk>/parts/<slug:code>/<int:row>/", officials.part_page, name="change_part"),
    path("officials/<int:pk>/parts/<slug:code>/<int:row>/remove/", officials.drop_part, name="drop_part"),
    path("positions/<int:pk>/close/", officials.close_position_page, name="close_position"),
]
