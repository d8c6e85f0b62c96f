from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "khet.base.notices"
    label = "notices"
    verbose_name = _("การแจ้งเตือน")

    def ready(self) -> None:
        from khet.base.notices.queries import unread
        from khet.base.ui.frame import provide

        provide("notice_count", lambda request: unread(request.actor.person))
