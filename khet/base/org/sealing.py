"""Sealing what must not lie open in the database: citizen ids, keys of second factors.

Sealed with the current secret key, opened with any key of the list, so that changing ``KHET_SECRET_KEY``
(new first, old after the comma) loses nothing. A keyed fingerprint finds a sealed value again without opening
any; after a change of keys ``fingerprints`` gives one for each key.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unsealable(Exception):
    """None of the known keys opens the value: the key it was sealed with is missing, or it was altered."""


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=32)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"khet {purpose}".encode()).derive(
        secret.encode()
    )


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(key, "sealing"))) for key in keys])


def seal(text: str) -> bytes:
    """Encrypt (AES-128-CBC with HMAC-SHA256, a fresh IV each time)."""
    return _box(_keys()).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt; ``Unsealable`` when no key fits."""
    try:
        return _box(_keys()).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise Unsealable from None


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same value under the current key."""
    return seal(unseal(sealed))


def fingerprint(text: str, purpose: str) -> str:
    """A keyed SHA-256 under the current key; ``purpose`` keeps the fingerprints of two fields apart."""
    return _fingerprint(settings.SECRET_KEY, text, purpose)


def fingerprints(text: str, purpose: str) -> list[str]:
    """The fingerprints under every key, current first: what to look for in the database."""
    return [_fingerprint(key, text, purpose) for key in _keys()]


def _fingerprint(secret: str, text: str, purpose: str) -> str:
    return hmac.new(_derive(secret, f"fingerprint {purpose}"), text.encode(), sha256).hexdigest()
