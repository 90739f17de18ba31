"""The bodies that fuzzing kept, and whatever it once found broken: each must still hold."""

from pathlib import Path

import pytest

from tests.fuzz import oracle

CORPUS = sorted(Path(__file__).with_name("corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=[path.name[:8] for path in CORPUS])
def test_a_body_that_fuzzing_kept(path):
    oracle.check(path.read_bytes())
