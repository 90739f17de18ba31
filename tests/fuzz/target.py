"""The fuzz target: `python tests/fuzz/target.py CORPUS... -max_total_time=SECONDS` with atheris.

libFuzzer keeps each body that reaches new code of the adapter. Half of its steps change bytes, the
other half change the JSON (`mutations`); what must hold of every body stands in `oracle`.
"""

import logging
import random
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path += [str(ROOT), str(ROOT / "conformance")]

with atheris.instrument_imports(include=["dfx_adapter"]):
    from tests.fuzz import mutations, oracle


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Change the structure where there is one, else bytes."""
    rng = random.Random(seed)  # libFuzzer's seed makes the run repeatable
    if rng.random() < 0.5:  # half of them
        return bytes(atheris.Mutate(data, max_size))
    try:
        return mutations.mutated(rng, oracle.decoded(data))[:max_size]
    except (ValueError, RecursionError):  # no JSON, or so deep that it cannot be walked
        return mutations.mutated(rng, rng.choice(mutations.VALID))[:max_size]


def main() -> None:
    """Fuzz until libFuzzer ends the process; what is found is written to a file and exits 77."""
    logging.getLogger("dfx_adapter").addHandler(logging.NullHandler())
    atheris.Setup(sys.argv, oracle.check, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
