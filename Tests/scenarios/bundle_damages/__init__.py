"""What somebody may do to an evidence bundle: tables of named damages, for any verifier of bundles.

A damage is (name, function, expected). The function takes a `bundle_maker.Bundle`, which it leaves as it is, and returns
the bytes of a ZIP file; expected is the set of the kinds of findings that a verifier with the ledger's key reports.
DAMAGES are done to `release_bundle()`, POPULATION_DAMAGES to `population_bundle(since=2)`, and SOUND are changes to the
former that leave it good. STRICT_READINGS are like DAMAGES, for what the specification does not say in so many words,
and FLOODS, for what is there so often that a verifier might take long over it.
"""
from bundle_damages.archives import ARCHIVES
from bundle_damages.checkpoints import CHECKPOINTS, SEALS
from bundle_damages.claims import ABSENCES, KEYS
from bundle_damages.entries import ENTRIES, event_changed, left_out
from bundle_damages.files import PLAIN
from bundle_damages.floods import ENOUGH, FLOODS, PLENTY
from bundle_damages.forms import MANIFESTS, PROOFS
from bundle_damages.hands import ELSEWHERE, LARGEST, added, both, drop, manifest, put, without
from bundle_damages.populations import POPULATION_DAMAGES, moment
from bundle_damages.sound import SOUND
from bundle_damages.statements import STATEMENT_DAMAGES
from bundle_damages.strict import STRICT_READINGS
from bundle_damages.timestamps import TIMESTAMP_DAMAGES, TOKEN_DAMAGES, stamped

DAMAGES = (PLAIN + ENTRIES + CHECKPOINTS + SEALS + MANIFESTS + PROOFS + KEYS + ABSENCES + STATEMENT_DAMAGES +
           TIMESTAMP_DAMAGES + ARCHIVES)

__all__ = [
    "ABSENCES", "ARCHIVES", "CHECKPOINTS", "DAMAGES", "ELSEWHERE", "ENOUGH", "ENTRIES", "FLOODS", "KEYS", "LARGEST",
    "MANIFESTS", "PLAIN", "PLENTY", "POPULATION_DAMAGES", "PROOFS", "SEALS", "SOUND", "STATEMENT_DAMAGES",
    "STRICT_READINGS", "TIMESTAMP_DAMAGES", "TOKEN_DAMAGES", "added", "both", "drop", "event_changed", "left_out",
    "manifest", "moment", "put", "stamped", "without"]
