"""What happens at the door and the officer must hear of."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.notices.api import tell
from khet.base.org.api import own_units
from khet.base.signin.api import TRAIL_VIEW, too_many


def tell_the_officer(event: Any, **rest: Any) -> None:
    """An account met too many addresses of records that are not there for it; ``event`` is the trail's row."""
    with override("th"):
        tell(
            event=f"signin.misses:{event.pk}",
            title=_("มีบัญชีไล่เปิดรายการที่ไม่มีหรือไม่มีสิทธิ์เห็น"),
            body=f"{event.name} {event.detail}",
            url=f"{reverse('signin:trail')}?{urlencode({'kind': event.kind})}",
            units=own_units(),
            capability=TRAIL_VIEW,
            urgent=True,
        )


def connect() -> None:
    too_many.connect(tell_the_officer, dispatch_uid="office.misses")
