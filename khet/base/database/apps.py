from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatabaseConfig(AppConfig):
    name = "khet.base.database"
    label = "database"
    verbose_name = _("ฐานข้อมูล")
