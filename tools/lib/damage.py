#!/usr/bin/env python3
"""Damages evidence bundles at random, and asks the three verifiers (daybook, verify.py, the page in a browser) of each:

  raw       bytes of the ZIP file turned, cut out, put in, doubled, moved
  archive   the ZIP file built anew from odd headers, comments, extra fields, descriptors
  packed    files changed, added, left out; the ZIP file is a good one, the hashes are not
  forged    JSON, entries, statements changed by somebody clever without the ledger's key: all hashes agree
  owned     the same by the ledger's owner, and odd events: all signatures agree, too

All three must come to the same verdict and the same kinds of findings, within 5 seconds and 300 MB, and daybook must
write nothing; and unless the owner did it, a bundle that is good must hold the same files as before. Exits 1 if any of
that fails. A case depends on its seed and its number alone, except for keys and signatures, which are new in each run:
--keep has the files of those that failed.

    damage.py --daybook BINARY [--short] [--seed N] [--cases N] [--from NUMBER] [--layer NAME]... [--page-every N]
              [--keep FOLDER] [--bundle FILE]... [--key VKEY]
"""
import argparse
import base64
import collections
import contextlib
import functools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "lib"), str(ROOT / "Tests" / "scenarios"), str(ROOT / "tools")]
import damage_cases  # noqa: E402
import verify  # noqa: E402
from bundle_maker import key  # noqa: E402
from chromium import Chromium, ChromiumError  # noqa: E402
from test_bundle_page import HARNESS, scripts  # noqa: E402
