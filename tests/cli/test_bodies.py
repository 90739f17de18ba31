"""Where one body ends and the next begins, and how much is held at a time."""

import io

import pytest

from dfx_adapter.cli.bodies import read_bodies
from dfx_adapter.cli.failures import UsageFailure


def found(content, **limit):
    return [tuple(body) for batch in read_bodies(io.BytesIO(content), **limit) for body in batch]


@pytest.mark.parametrize(
    ("content", "bodies"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"{}", [(1, b"{}")]),
        (b"\n{}\r\n\n[]\n", [(2, b"{}\r\n"), (4, b"[]\n")]),
        (b'{\n"a": 1\n}\n', [(1, b'{\n"a": 1\n}\n')]),
        (b"[\n{}\n]", [(1, b"[\n{}\n]")]),
        (b"[\n{}\n", [(1, b"[\n"), (2, b"{}\n")]),
        (b"[\n1\n", [(1, b"[\n1\n")]),
        (b"\xef\xbb\xbf{}\n", [(1, b"{}\n")]),
        (b"<a>\n<b>", [(1, b"<a>\n<b>")]),
        (b"x\n\n{}\ny", [(1, b"x\n"), (3, b"{}\n"), (4, b"y")]),
    ],
)
def test_bodies(content, bodies):
    assert found(content) == bodies


class Dripping(io.BytesIO):
    """A pipe into which somebody writes a few bytes at a time."""

    def __init__(self, *written):
        super().__init__()
        self.left = list(written)

    def read1(self, size=-1):
        return self.left.pop(0) if self.left else b""


def test_lines_are_given_as_soon_as_they_are_there():
    stream = Dripping(b"{}\n{}\n{", b"}", b"\n{}", b"\n\n", b"[]")
    batches = read_bodies(stream)
    assert next(batches) == [(1, b"{}\n"), (2, b"{}\n")]
    assert len(stream.left) == 4
    assert list(batches) == [[(3, b"{}\n")], [(4, b"{}\n")], [(6, b"[]")]]


def test_a_byte_order_mark_alone_is_an_empty_input():
    assert found(b"\xef\xbb\xbf") == []


def test_a_body_of_many_lines_may_reach_the_limit_but_not_exceed_it():
    content = b"[\n1,\n2\n]"
    assert found(content, limit=8) == [(1, content)]
    with pytest.raises(UsageFailure, match=r"one body of more than 6.67572e-06 MiB"):
        found(content, limit=7)


def test_lines_after_a_bad_one_may_exceed_the_limit():
    assert len(found(b"x\n" + b"{}\n" * 10, limit=8)) == 11


def test_a_line_longer_than_the_limit():
    with pytest.raises(UsageFailure, match="line 2: longer than 1 MiB"):
        found(b"{}\n" + b" " * (1024 * 1024) + b"{}\n", limit=1024 * 1024)


def test_an_overlong_line_is_not_read_to_its_end_and_those_before_it_are_given():
    stream = Dripping(b"{}\n[]", b" " * 8, b" " * 8, b"\n")
    batches = read_bodies(stream, limit=16)
    assert next(batches) == [(1, b"{}\n")]
    with pytest.raises(UsageFailure, match="line 2: longer than"):
        next(batches)
    assert stream.left == [b"\n"]


def test_an_overlong_line_that_ends_in_the_same_read_hides_none_before_it():
    batches = read_bodies(io.BytesIO(b"{}\n" + b" " * 20 + b"\n{}\n"), limit=16)
    assert next(batches) == [(1, b"{}\n")]
    with pytest.raises(UsageFailure, match="line 2: longer than"):
        next(batches)
