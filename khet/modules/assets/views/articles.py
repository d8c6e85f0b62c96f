"""Repair of articles."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.org.api import fetch
from khet.modules.assets.actions.articles import finish_repair, send_to_repair
from khet.modules.assets.forms import FinishRepairForm, SendToRepairForm
from khet.modules.assets.models import Article
from khet.modules.assets.queries import articles
from khet.modules.assets.rules import EDIT
from khet.modules.assets.views.asking import ask, posted


def path_of(article: Article) -> list[tuple[str, str]]:
    return [
        (_("ครุภัณฑ์"), reverse("register:list", args=["articles"])),
        (article.name, reverse("register:detail", args=["articles", article.pk])),
    ]


@login_required
@never_cache
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an article to be repaired."""
    article = fetch(request.actor, articles(), EDIT, pk=pk)
    return ask(
        request,
        form=SendToRepairForm(posted(request)),
        act=partial(send_to_repair, actor=request.actor, article=article),
        title=_("ส่งซ่อม"),
        button=_("ส่งซ่อม"),
        done=_("บันทึกว่าส่งซ่อมแล้ว"),
        back=reverse("register:detail", args=["articles", article.pk]),
        path=path_of(article),
        facts=article.number,
    )


@login_required
@never_cache
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of the repair."""
    article = fetch(request.actor, articles(), EDIT, pk=pk)
    return ask(
        request,
        form=FinishRepairForm(posted(request)),
        act=partial(finish_repair, actor=request.actor, article=article),
        title=_("บันทึกผลการซ่อม"),
        button=_("บันทึกผล"),
        done=_("บันทึกผลการซ่อมแล้ว"),
        back=reverse("register:detail", args=["articles", article.pk]),
        path=path_of(article),
        facts=article.number,
    )
