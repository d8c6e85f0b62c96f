from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "khet.kits.register"
    label = "register"
    verbose_name = _("ทะเบียน")

    def ready(self) -> None:
        from khet.kits.register.actions import keep_declared_codes
        from khet.kits.register.bases import added_tabs, code_lists, records

        code_lists.discover()
        records.discover()
        post_migrate.connect(keep_declared_codes, sender=self, dispatch_uid="khet.register.codes")
        added_tabs.discover()
