"""Reading the record of reading."""

from khet.base.privacy.queries.readings import (
    BUSY_HOUR,
    Occasions,
    about_me,
    labels_of,
    occasions,
    one_by_one,
    readings,
    signs,
)

__all__ = ["BUSY_HOUR", "Occasions", "about_me", "labels_of", "occasions", "one_by_one", "readings", "signs"]
