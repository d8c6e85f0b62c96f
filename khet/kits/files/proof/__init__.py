"""What bytes really are, proved by their structure and never by their name.

``prove`` refuses what is not accepted, with a sentence; what is accepted in kind but carries something
active or hidden comes back with ``findings`` and goes into quarantine, its bytes untouched.
"""

from khet.kits.files.proof.prove import Proof, prove

__all__ = ["Proof", "prove"]
