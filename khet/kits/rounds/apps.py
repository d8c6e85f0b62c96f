from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "khet.kits.rounds"
    label = "rounds"
    verbose_name = _("รอบข้อมูล")

    def ready(self) -> None:
        from khet.kits.rounds.bases import checks, references, sheets
        from khet.kits.rounds.bases.reminders import reminder_letters

        checks.discover()
        sheets.discover()
        references.discover()
        reminder_letters.discover()
