"""The registers of the children of the service area and of the cases of tracing."""

from khet.kits.register.api import register
from khet.modules.children.records.cases import CaseRecord
from khet.modules.children.records.children import ChildRecord

CHILDREN = register(ChildRecord())
CASES = register(CaseRecord())
