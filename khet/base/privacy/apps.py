from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "khet.base.privacy"
    label = "privacy"
    verbose_name = _("การคุ้มครองข้อมูลส่วนบุคคล")

    def ready(self) -> None:
        from khet.base.privacy.bases import retentions, subject_kinds

        subject_kinds.discover()
        retentions.discover()
