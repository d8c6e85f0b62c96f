"""What a format of the province is, and how one is read from its file."""

from khet.outlets.province.bases.formats import Codes, Column, Format, Table
from khet.outlets.province.bases.reading import BadFormat, read_format

__all__ = ["BadFormat", "Codes", "Column", "Format", "Table", "read_format"]
