"""Sheets in and out: xlsx, xls, ods and csv become rows of text; rows become xlsx or csv that run nothing."""

from khet.base.lib.sheets.reading import MOST_BYTES, Column, Sheet, read
from khet.base.lib.sheets.writing import inert, write_csv, write_xlsx

__all__ = ["MOST_BYTES", "Column", "Sheet", "inert", "read", "write_csv", "write_xlsx"]
