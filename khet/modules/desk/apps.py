from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "khet.modules.desk"
    label = "desk"
    verbose_name = _("โต๊ะงาน")
