"""Reading the children of the service area."""

from khet.modules.children.queries.cases import open_cases, with_subjects
from khet.modules.children.queries.children import PURPOSE, intake, now_year, with_places

__all__ = ["PURPOSE", "intake", "now_year", "open_cases", "with_places", "with_subjects"]
