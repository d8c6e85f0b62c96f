"""Static files under names that carry their content, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.apps import apps
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Static(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the imports between our own ES modules rewritten too.

    Without that a page would load the modules an entry imports under their bare names, which are kept for a
    minute only, and could mix two versions of them. Scripts of packages are left as they came: some name
    files in comments that do not exist.
    """

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, hashed_files: dict[str, str], *given: Any, **more: Any) -> Callable:
        if name.endswith(".js") and PurePosixPath(name).parts[0] not in _own_folders():
            return lambda found: found[0]
        return super().url_converter(name, hashed_files, *given, **more)


def _own_folders() -> set[str]:
    return {config.label for config in apps.get_app_configs() if config.name.startswith("khet.")}
