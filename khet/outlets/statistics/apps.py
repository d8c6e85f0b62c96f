from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "khet.outlets.statistics"
    label = "statistics"
    verbose_name = _("สถิติ")

    def ready(self) -> None:
        from khet.outlets.statistics.bases import indicators
        from khet.outlets.statistics.panels import panels

        indicators.discover()
        panels.discover()
