from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "khet.kits.files"
    label = "files"
    verbose_name = _("แฟ้ม")

    def ready(self) -> None:
        from khet.kits.files.owners import owners

        owners.discover()
