from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "khet.kits.search"
    label = "search"
    verbose_name = _("ค้นหา")

    def ready(self) -> None:
        from khet.kits.search.declarations import kinds

        kinds.discover()
