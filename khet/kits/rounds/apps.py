from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "khet.kits.rounds"
    label = "rounds"
    verbose_name = _("รอบข้อมูล")
