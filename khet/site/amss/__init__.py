"""Coming from AMSS++: its schools, people, pupils and buildings out of a MySQL dump, through our own imports."""

from khet.site.amss.migrating import Migration, migrate

__all__ = ["Migration", "migrate"]
