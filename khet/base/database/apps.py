from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    name = "khet.base.database"
    label = "database"
    verbose_name = _("ฐานข้อมูล")

    def ready(self) -> None:
        from khet.base.database.checks import checks, listeners

        checks.discover()
        listeners.discover()
