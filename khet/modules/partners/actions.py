"""Verbs on partners: those of a plain register."""

from khet.kits.register.bases import ModelVerbs
from khet.modules.partners.models import Partner
from khet.modules.partners.rules import EDIT

PARTNERS = ModelVerbs(Partner, "partners", EDIT, sort="name", search=["name", "tambon", "note"])
