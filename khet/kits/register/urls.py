"""Addresses of all registers: ``/register/<kind>/…``."""

from django.urls import path

from khet.kits.register.views import bulk, codes, details, forms, imports, lists, openings

app_name = "register"
urlpatterns = [
    path("", lists.home, name="home"),
    path("codes/", codes.lists, name="codes"),
    path("codes/<str:code>/", codes.values, name="code_list"),
    path("codes/<str:code>/new/", codes.add, name="code_add"),
    path("codes/<str:code>/<str:value>/", codes.edit, name="code_edit"),
    path("<slug:kind>/", lists.listing, name="list"),
    path("<slug:kind>/print/", lists.printed, name="print"),
    path("<slug:kind>/export/", lists.export, name="export"),
    path("<slug:kind>/views/", lists.keep_view, name="keep_view"),
    path("<slug:kind>/views/<int:pk>/forget/", lists.drop_view, name="drop_view"),
    path("<slug:kind>/new/", forms.create, name="create"),
    path("<slug:kind>/new/draft/", forms.draft, name="draft_new"),
    path("<slug:kind>/bulk/<slug:code>/", bulk.bulk, name="bulk"),
    path("<slug:kind>/import/", imports.choose, name="imports"),
    path("<slug:kind>/import/blank/", imports.blank, name="import_blank"),
    path("<slug:kind>/import/<int:pk>/", imports.batch_page, name="import"),
    path("<slug:kind>/import/<int:pk>/match/", imports.match, name="import_match"),
    path("<slug:kind>/import/<int:pk>/check/", imports.recheck, name="import_check"),
    path("<slug:kind>/import/<int:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("<slug:kind>/import/<int:pk>/undo/", imports.undo, name="import_undo"),
    path("<slug:kind>/import/<int:pk>/drop/", imports.drop, name="import_drop"),
    path("<slug:kind>/import/<int:pk>/sheet/", imports.sheet, name="import_sheet"),
    path("<slug:kind>/import/<int:pk>/rows/<int:number>/", imports.skip, name="import_skip"),
    path("<slug:kind>/<int:pk>/", details.detail, name="detail"),
    path("<slug:kind>/<int:pk>/edit/", forms.edit, name="edit"),
    path("<slug:kind>/<int:pk>/open/", openings.unlock, name="open"),
    path("<slug:kind>/<int:pk>/draft/", forms.draft, name="draft"),
    path("<slug:kind>/<int:pk>/<slug:tab>/", details.detail, name="tab"),
]
