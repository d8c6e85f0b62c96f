from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "khet.base.org"
    label = "org"
    verbose_name = _("องค์กรและบุคคล")

    def ready(self) -> None:
        from khet.base.org.rules import capabilities, rules
        from khet.base.org.verbs import verbs

        capabilities.discover()
        rules.discover()
        verbs.discover()
