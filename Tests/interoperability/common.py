"""What these checks share with the scenarios, and seeds that can be replayed: DAYBOOK_TEST_SEED=N."""
import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scenarios"))

from scenario import *  # noqa: E402,F401,F403
from trees import *  # noqa: E402,F401,F403

SEED = int(os.environ.get("DAYBOOK_TEST_SEED", random.randrange(2**32)))


def seeded(name):
    """A source of random values for one check; says how to get the same ones again."""
    print(f"[{name}: DAYBOOK_TEST_SEED={SEED}] ", end="", flush=True)
    return random.Random(f"{SEED} {name}")
