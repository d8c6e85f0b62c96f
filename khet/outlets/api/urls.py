"""The API of programs, its tokens and documentation, and the page of my data."""

from django.urls import include, path

from khet.outlets.api.recording import recorded
from khet.outlets.api.service import service
from khet.outlets.api.views import mine, tokens

app_name = "api"

_operations = [one for one in service.urls[0] if one.name != "api-root"]  # says nothing but where it is
for _one in _operations:
    _one.callback = recorded(_one.callback)

urlpatterns = [
    path("", mine.home, name="home"),
    path("docs/", mine.docs, name="docs"),
    path("openapi.json", mine.openapi, name="openapi"),
    path("tokens/", tokens.listing, name="tokens"),
    path("tokens/<int:pk>/", tokens.show, name="token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke"),
    path("v1/", include((_operations, "v1"), namespace="v1")),
    path("v1/<path:rest>", recorded(mine.no_operation), name="no_operation"),
]
