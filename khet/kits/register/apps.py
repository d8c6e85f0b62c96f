from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "khet.kits.register"
    label = "register"
    verbose_name = _("ทะเบียน")

    def ready(self) -> None:
        from khet.kits.register.bases import records

        records.discover()
