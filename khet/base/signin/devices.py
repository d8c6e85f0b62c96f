"""What a browser calls itself, in a few words a person recognises."""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Line/", "LINE"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari")]  # fmt: skip
SYSTEMS = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux")]  # fmt: skip


def describe(agent: str) -> str:
    """``Chrome บน Windows``; an unknown one says so."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return _("%(browser)s บน %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("อุปกรณ์ที่ไม่รู้จัก")
