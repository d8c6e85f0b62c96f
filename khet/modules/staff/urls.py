"""Pages of staff beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.staff.views import manpower, mine, officials, positions, service, verify

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
    path("officials/<int:pk>/service/add/", service.add_row, name="add_row"),
    path("officials/<int:pk>/service/<int:row>/correct/", service.correct_row, name="correct_row"),
    path("officials/<int:pk>/service/<int:row>/strike/", service.strike_row, name="strike_row"),
    path("officials/<int:pk>/service/pay/", service.open_pay, name="open_pay"),
    path("officials/<int:pk>/service/certify/", service.certify, name="certify"),
    path("officials/<int:pk>/service/copies/<int:copy>/withdraw/", service.withdraw, name="withdraw"),
    path("orders/", service.order_rows, name="order_rows"),
    path("corrections/", service.wish_list, name="wishes"),
    path("corrections/<int:pk>/", service.settle_wish, name="settle_wish"),
    path("me/", mine.mine, name="mine"),
    path("me/correction/", mine.ask, name="ask_correction"),
    path("me/print/", mine.print_mine, name="print_mine"),
    path("verify/", verify.ask_code, name="verify_ask"),
    path("verify/<slug:code>/", verify.verify, name="verify"),
    path("positions/<int:pk>/close/", positions.close, name="close_position"),
    path("manpower/", manpower.page, name="manpower"),
    path("manpower/manpower.pdf", manpower.paper, name="manpower_pdf"),
    path("manpower/manpower.xlsx", manpower.export, name="manpower_xlsx"),
    path("manpower/criteria/start/", manpower.start, name="start_criteria"),
    path("manpower/criteria/<int:pk>/remove/", positions.remove_row, name="remove_criterion"),
    path("retirement/", manpower.retirement, name="retirement"),
    path("retirement/retirement.pdf", manpower.retirement_paper, name="retirement_pdf"),
    path("retirement/retirement.xlsx", manpower.retirement_export, name="retirement_xlsx"),
]
