from django.urls import path, register_converter
from django.urls.converters import StringConverter

from khet.kits.files import views


class PublicId(StringConverter):
    """The public id of an attachment: 24 hexadecimal digits, nothing else reaches the database."""

    regex = "[0-9a-f]{24}"


register_converter(PublicId, "file_id")

app_name = "files"
urlpatterns = [
    path("<file_id:public_id>/pages/<int:number>.png", views.page, name="page"),
    path("<file_id:public_id>/read", views.read, name="read"),
    path("<file_id:public_id>/print", views.print_pages, name="print"),
    path("<file_id:public_id>/<str:name>", views.download, name="download"),
]
