"""Uploads go straight to the temporary folder of the shelf, hashed on the way, whatever form they come by.

Nothing is held in memory. An upload past the limit is counted to its end but not kept, so that the refusal
can name its true size.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.kits.files.shelf import Staged, Staging

MB = 1024 * 1024


class TooBig(Refusal):
    """Over ``settings.KHET_FILE_LIMIT``."""

    status = 413

    def __init__(self, size: int) -> None:
        super().__init__(
            _("แฟ้มนี้ %(size)s MB รับได้ไม่เกิน %(limit)s MB แยกเป็นสองแฟ้ม หรือสแกนขาวดำ 300 dpi แล้วส่งอีกครั้ง")
            % {"size": f"{size / MB:,.0f}", "limit": f"{settings.KHET_FILE_LIMIT / MB:,.0f}"},
            code="files.too_big",
            size=size,
        )


class _Refused:
    """Stands where an open file would: whoever reads a refused upload meets its sentence."""

    closed = False

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def __getattr__(self, name: str) -> Any:
        raise self._refusal

    def close(self) -> None:
        self.closed = True


class StagedUpload(UploadedFile):
    """An uploaded file that is on disk already. ``given_name`` is the name as sent, unshortened.

    ``refusal`` is set when nothing was kept (too big, disk full); reading the upload raises it.
    """

    def __init__(self, staging: Staging, given_name: str, content_type: str | None = None) -> None:
        self.refusal: Refusal | None = None
        self.staged: Staged | None = None
        self.given_name = given_name
        try:
            self.staged = staging.finish()
        except Refusal as why:
            self.refusal = why
        if self.staged is not None:
            handle: Any = open(self.staged.path, "rb")  # noqa: SIM115 - closed with the request
        else:
            self.refusal = self.refusal or TooBig(staging.size)
            handle = _Refused(self.refusal)
        super().__init__(handle, given_name, content_type, staging.size)

    def temporary_file_path(self) -> str:
        if self.staged is None:
            raise self.refusal
        return str(self.staged.path)

    def close(self) -> None:
        self.file.close()
        if self.staged is not None:
            self.staged.drop()


class ShelfUploadHandler(FileUploadHandler):
    """Set in FILE_UPLOAD_HANDLERS: every uploaded file of every form is staged."""

    chunk_size = 256 * 1024
    staging: Staging | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.staging = Staging(limit=settings.KHET_FILE_LIMIT)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.staging.write(raw_data)

    def file_complete(self, file_size: int) -> StagedUpload:
        staging, self.staging = self.staging, None
        return StagedUpload(staging, self.file_name, self.content_type)

    def upload_interrupted(self) -> None:
        if self.staging is not None:
            self.staging.drop()
