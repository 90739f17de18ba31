"""Where one body ends and the next begins, and how much is held at a time."""

import io

import pytest

from dfx_adapter.cli.bodies import read_bodies
from dfx_adapter.cli.failures import UsageFailure


def found(content, **limit):
    return [tuple(body) for body in read_bodies(io.BytesIO(content), **limit)]


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


def test_a_first_line_of_json_is_given_before_the_second_is_read():
    class Stream(io.BytesIO):
        reads = 0

        def readline(self, size=-1):
            self.reads += 1
            return super().readline(size)

    stream = Stream(b"{}\n" * 10)
    next(read_bodies(stream))
    assert stream.reads == 1


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
