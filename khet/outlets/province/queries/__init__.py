"""Reads of the province's export."""
