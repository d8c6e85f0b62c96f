"""Officials as subjects of personal data. Their record of service is kept for ever (ก.พ.7): no retention is declared."""

from django.utils.translation import gettext_lazy as _

from khet.base.privacy.bases import SubjectKind, subject_kind

subject_kind(SubjectKind("staff.official", _("บุคลากร"), root="person"))
