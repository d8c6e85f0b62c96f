"""The command line: ``khet``."""

from __future__ import annotations

import os

import click


@click.group()
def main() -> None:
    """เขต: ระบบงานของสำนักงานเขตพื้นที่การศึกษา"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """คำสั่งของ Django สำหรับผู้พัฒนา"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["khet django", *arguments])
