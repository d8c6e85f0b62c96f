"""The door of the files kit."""

from khet.kits.files.actions import copy_to, remove, restore_file, store
from khet.kits.files.choices import FileKind, FileState, TextState
from khet.kits.files.models import Attachment, StoredFile
from khet.kits.files.owners import FileOwner, file_owner
from khet.kits.files.pages import page_picture
from khet.kits.files.queries import (
    attachments,
    attachments_of,
    fetch_attachment,
    open_file,
    read_bytes,
    text_of,
    texts_of,
)
from khet.kits.files.sending import send

__all__ = [
    "Attachment",
    "FileKind",
    "FileOwner",
    "FileState",
    "StoredFile",
    "TextState",
    "attachments",
    "attachments_of",
    "copy_to",
    "fetch_attachment",
    "file_owner",
    "open_file",
    "page_picture",
    "read_bytes",
    "remove",
    "restore_file",
    "send",
    "store",
    "text_of",
    "texts_of",
]
