from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "khet.kits.workflow"
    label = "workflow"
    verbose_name = _("เส้นทางงาน")

    def ready(self) -> None:
        from khet.kits.workflow.bases import flows

        flows.discover()
