"""The door of the province's export, for the command line."""

from khet.outlets.province.exporting import export_to

__all__ = ["export_to"]
