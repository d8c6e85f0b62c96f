"""The secret keys of an installation: from the environment, else made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_keys(data: Path) -> list[str]:
    """The current key first, then older ones that may still open what they sealed.

    ``KHET_SECRET_KEY`` wins (comma-separated, newest first). Otherwise ``secret_key`` in the data folder is
    read, one key a line; it is made with mode 0600 when absent. Two processes that start together agree,
    because only one of them can create the file.
    """
    given = os.environ.get("KHET_SECRET_KEY")
    if given:
        return [key.strip() for key in given.split(",") if key.strip()]
    path = data / "secret_key"
    data.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(64)
    temporary = path.with_name(f".secret_key.{os.getpid()}")
    if not path.exists():
        temporary.write_text(fresh + "\n")
        temporary.chmod(0o600)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]
