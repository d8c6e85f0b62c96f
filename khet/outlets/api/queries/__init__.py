"""Reads of open data."""
