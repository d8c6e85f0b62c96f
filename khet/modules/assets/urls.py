"""Pages of assets beyond the registers."""

from __future__ import annotations

from django.urls import path

from khet.modules.assets.views import articles, buildings, checks, moves, shortage, values

app_name = "assets"
urlpatterns = [
    path("buildings/<int:pk>/repair/", buildings.repair, name="repair_building"),
    path("buildings/<int:pk>/demolish/", buildings.ask_for_demolition, name="ask_demolition"),
    path("demolitions/", buildings.demolitions, name="demolitions"),
    path("demolitions/<int:pk>/permit/", buildings.permit, name="permit_demolition"),
    path("demolitions/<int:pk>/refuse/", buildings.refuse, name="refuse_demolition"),
    path("demolitions/<int:pk>/finish/", buildings.finish, name="finish_demolition"),
    path("articles/<int:pk>/repair/", articles.send, name="send_to_repair"),
    path("articles/<int:pk>/repaired/", articles.finish, name="finish_repair"),
    path("articles/<int:pk>/move/", moves.move, name="ask_transfer"),
    path("articles/<int:pk>/dispose/", moves.propose, name="propose_disposal"),
    path("transfers/", moves.transfers, name="transfers"),
    path("transfers/<int:pk>/", moves.transfer, name="transfer"),
    path("transfers/<int:pk>/accept/", moves.accept, name="accept_transfer"),
    path("transfers/<int:pk>/refuse/", moves.refuse, name="refuse_transfer"),
    path("transfers/<int:pk>/withdraw/", moves.withdraw, name="withdraw_transfer"),
    path("disposals/", moves.disposals, name="disposals"),
    path("disposals/<int:pk>/", moves.disposal, name="disposal"),
    path("disposals/<int:pk>/order/", moves.order, name="order_disposal"),
    path("disposals/<int:pk>/finish/", moves.finish, name="finish_disposal"),
    path("disposals/<int:pk>/drop/", moves.drop, name="drop_disposal"),
    path("depreciation/", values.depreciation, name="depreciation"),
    path("depreciation/<int:pk>/register.pdf", values.register_pdf, name="register_pdf"),
    path("shortage/", shortage.page, name="shortage"),
    path("shortage/shortage.pdf", shortage.paper, name="shortage_pdf"),
    path("shortage/shortage.xlsx", shortage.export, name="shortage_xlsx"),
    path("criteria/", shortage.criteria, name="criteria"),
    path("criteria/new/", shortage.new, name="new_criterion"),
    path("criteria/<int:pk>/", shortage.edit, name="edit_criterion"),
    path("criteria/<int:pk>/remove/", shortage.remove, name="remove_criterion"),
    path("a/<slug:code>/", checks.label, name="label"),
    path("checks/", checks.board, name="checks"),
    path("checks/open/", checks.open_year, name="open_check"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("checks/<int:pk>/find/", checks.find, name="find"),
    path("checks/<int:pk>/seen/", checks.seen_many, name="seen_many"),
    path("checks/<int:pk>/committee/", checks.committee, name="change_check"),
    path("checks/<int:pk>/close/", checks.close, name="close_check"),
    path("checks/<int:pk>/report.pdf", checks.report, name="check_report"),
    path("articles/<int:pk>/seen/<slug:word>/", checks.seen, name="seen"),
    path("<slug:kind>/<int:pk>/photos/", buildings.photos, name="photos"),
    path("<slug:kind>/<int:pk>/photos/<slug:photo>/remove/", buildings.drop_photo, name="drop_photo"),
]
