"""``{% load files %}{% paper_view attachments %}``: the paper with its tools."""

from __future__ import annotations

from typing import Any

from django import template

from khet.kits.files.models import Attachment
from khet.kits.files.paper import Paper, zoom_of

register = template.Library()


@register.inclusion_tag("files/paper.html", takes_context=True)
def paper_view(
    context: template.Context, attachments: Any, labels: dict[int, str] | None = None
) -> dict[str, Any]:
    """One page of one attachment, tabs for the others, zoom, turning, download, print, reading alone.

    ``attachments`` is one attachment or several (as ``api.attachments`` gives them), of a record that the
    reader has been let see. The address decides which is shown: ``paper`` (public id), ``page``, ``zoom``.
    ``labels`` maps an attachment's id to the words on its tab (default: its name).
    """
    held = [attachments] if isinstance(attachments, Attachment) else list(attachments)
    request = context["request"]
    chosen = next((a for a in held if a.public_id == request.GET.get("paper")), held[0] if held else None)
    is_asked = chosen is not None and chosen.public_id == request.GET.get("paper", chosen.public_id)
    paper = None
    if chosen is not None:
        page = request.GET.get("page") if is_asked else None
        paper = Paper.of(chosen, page=page, zoom=zoom_of(request.GET.get("zoom")))
    tabs = [(a, (labels or {}).get(a.pk) or a.name, a is chosen) for a in held]
    return {
        "request": request,
        "paper": paper,
        "tabs": tabs,
        "is_alone": False,
        "frame": context.get("frame"),
    }
