"""Evidence bundles made from docs/spec/bundle.md and index.md alone: good ones, and what a forger would make of them.

A `Log` is a ledger in memory, with its key; `release_bundle` and `population_bundle` make a `Bundle` of one. A `Bundle`
is a dictionary of its files which can be changed, signed again, and put into a ZIP file that may be a bad one.
"""
from bundle_maker.archive import Member, zip_file
from bundle_maker.bundle import Bundle, pretty, sigstore
from bundle_maker.keys import Authority, Key, authority, key, openssl, workshop
from bundle_maker.log import Log, deployed, example, example_log
from bundle_maker.making import make, population_bundle, release_bundle, shown
from bundle_maker.names import (
    CREATED, DEPLOYED, KEY_TRUSTED, OVERRIDE, PAYLOAD_TYPE, RELEASE, SEALED, STATEMENTS, TIMESTAMPED, sha256, to_base64)
from bundle_maker.proofs import Index, consistency_path, fold, inclusion_path

__all__ = [
    "CREATED", "DEPLOYED", "KEY_TRUSTED", "OVERRIDE", "PAYLOAD_TYPE", "RELEASE", "SEALED", "STATEMENTS", "TIMESTAMPED",
    "Authority", "Bundle", "Index", "Key", "Log", "Member", "authority", "consistency_path", "deployed", "example",
    "example_log", "fold", "inclusion_path", "key", "make", "openssl", "population_bundle", "pretty", "release_bundle",
    "sha256", "shown", "sigstore", "to_base64", "workshop", "zip_file"]
