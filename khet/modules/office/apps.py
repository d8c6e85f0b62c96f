from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    name = "khet.modules.office"
    label = "office"
    verbose_name = _("สำนักงานและบุคลากร")

    def ready(self) -> None:
        from khet.modules.office import observers

        observers.connect()
