"""The door of sign-in."""

from khet.base.signin.actions import invite, reset_factors, set_password
from khet.base.signin.addresses import absolute, client_address
from khet.base.signin.demo import DEMO_PASSWORD, open_demo_factor
from khet.base.signin.misses import too_many
from khet.base.signin.rules import TRAIL_VIEW

__all__ = [
    "DEMO_PASSWORD",
    "TRAIL_VIEW",
    "absolute",
    "client_address",
    "invite",
    "open_demo_factor",
    "reset_factors",
    "set_password",
    "too_many",
]
