from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "khet.base.ui"
    label = "ui"
    verbose_name = _("หน้าตาและการใช้งาน")

    def ready(self) -> None:
        from khet.base.lib.choices import speak_cheaply
        from khet.base.ui.menu import menu

        speak_cheaply()
        menu.discover()
