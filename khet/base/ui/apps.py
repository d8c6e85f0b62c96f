from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from khet.base.lib.choices import speak_cheaply

# Here and not in ``ready``: every model takes hold of the method as its class is made, which follows at once.
speak_cheaply()


class UiConfig(AppConfig):
    name = "khet.base.ui"
    label = "ui"
    verbose_name = _("หน้าตาและการใช้งาน")

    def ready(self) -> None:
        from khet.base.ui.menu import menu

        menu.discover()
