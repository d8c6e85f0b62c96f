from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SigninConfig(AppConfig):
    name = "khet.base.signin"
    label = "signin"
    verbose_name = _("การเข้าสู่ระบบ")

    def ready(self) -> None:
        from khet.base.signin import observers

        observers.connect()
