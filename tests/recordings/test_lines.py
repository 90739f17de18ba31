"""Lines: what is written is read again, what cannot be read is named, and the rest is kept."""

import io
import json
import logging
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dfx_adapter.recordings import lines
from dfx_adapter.recordings.lines import Answer, Failure, Markets

ANSWER = Answer(
    time=1_700_000_000_123,
    exchange="digifinex",
    ccxt="4.5.90",
    method="fetchOrder",
    args=["a", None, {"margin": True}],
    http="GET",
    url="/v3/spot/order?order_id=a",
    status=200,
    body='{"code":0,"data":[]}',
    account="6a40ef1e",
    call="0123456789ab",
)
WRITTEN = lines.write(ANSWER)


def read(content):
    damaged = []
    found = list(lines.read(io.BytesIO(content), lambda *fault: damaged.append(fault)))
    return found, damaged


def test_a_line_is_json_with_the_keys_that_are_documented():
    assert WRITTEN.endswith(b"}\n")
    assert WRITTEN.startswith(b'{"v":1,')
    decoded = json.loads(WRITTEN)
    assert {key: decoded[key] for key in ("v", "time", "exchange", "ccxt", "method", "args")} == {
        "v": 1,
        "time": 1_700_000_000_123,
        "exchange": "digifinex",
        "ccxt": "4.5.90",
        "method": "fetchOrder",
        "args": ["a", None, {"margin": True}],
    }
    assert (decoded["http"], decoded["url"]) == ("GET", "/v3/spot/order?order_id=a")
    assert (decoded["status"], decoded["body"]) == (200, '{"code":0,"data":[]}')
    assert "headers" not in decoded


def test_where_no_answer_came_there_is_the_error():
    lost = replace(ANSWER, status=None, body=None, error=Failure("NetworkError", "gone"))
    decoded = json.loads(lines.write(lost))
    assert decoded["status"] is None
    assert decoded["body"] is None
    assert decoded["error"] == {"class": "NetworkError", "text": "gone"}


@settings(deadline=None, max_examples=50)
@given(body=st.text(st.characters(exclude_categories=["Cs"])), amount=st.decimals(-(10**9), 10**9))
def test_texts_and_numbers_are_exact(body, amount):
    line = replace(ANSWER, body=body, args=[{"amount": f"{amount:f}"}])
    content = lines.write(line)
    assert content.count(b"\n") == 1
    [found], damaged = read(content)
    assert (found.body, found.args, damaged) == (body, [{"amount": f"{amount:f}"}], [])


def test_fractions_of_arguments_and_markets_are_exact():
    content = WRITTEN.replace(b'["a",null,', b"[0.10000000000000000001,1,")
    markets = Markets(time=1, exchange="kraken", ccxt="4.5.90", markets=[{"precision": 0.1}])
    [found, known], damaged = read(content + lines.write(markets))
    assert found.args[:2] == [Decimal("0.10000000000000000001"), 1]
    assert known.markets == [{"precision": Decimal("0.1")}]
    assert damaged == []


def test_half_a_surrogate_pair_is_written_all_the_same():
    [found], damaged = read(lines.write(replace(ANSWER, body="\ud800")))
    assert (found.body, damaged) == ("?", [])


@pytest.mark.parametrize(
    ("torn", "numbers"),
    [
        (WRITTEN[:-30], [2]),
        (b"{}", [2]),
        (b"[1, 2]", [2]),
        (b"\x00\xff", [2]),
        (b"nonsense\n\n" + WRITTEN[:40], [2, 4]),
        (b"[" * 100_000, [2]),
        (WRITTEN.replace(b'"v":1', b'"v":2').strip(), [2]),
        (WRITTEN.replace(b'"status":200', b'"status":"ok"').strip(), [2]),
    ],
)
def test_a_damaged_line_is_named_and_the_good_ones_are_kept(torn, numbers):
    found, damaged = read(WRITTEN + torn + b"\n" + WRITTEN)
    assert [answer.line for answer in found] == [1, max(numbers) + 1]
    assert [number for number, _ in damaged] == numbers
    assert all(reason.startswith("damaged: ") for _, reason in damaged)


def test_a_newer_format_is_named():
    _, [(_, reason)] = read(WRITTEN.replace(b'"v":1', b'"v":2'))
    assert reason == "damaged: version 2 of the format; this package reads 1"


def test_keys_that_a_newer_version_adds_are_no_matter():
    [found], damaged = read(WRITTEN.replace(b'"v":1', b'"v":1,"new":{"x":[1]}'))
    assert (found.body, damaged) == (ANSWER.body, [])


def test_what_another_process_wrote_behind_a_torn_line_is_kept():
    found, [(number, _)] = read(WRITTEN[:50] + WRITTEN)
    assert (number, [answer.body for answer in found]) == (1, [ANSWER.body])


def test_a_torn_last_line_is_warned_of(tmp_path, caplog):
    file = tmp_path / "torn.jsonl"
    file.write_bytes(WRITTEN * 2 + WRITTEN[:-2])
    caplog.set_level(logging.WARNING)
    assert len(list(lines.answers(file))) == 2
    assert f"recording {file}: line 3: damaged: " in caplog.text


def test_a_recording_is_known_by_its_first_line():
    assert lines.is_recording(WRITTEN)
    assert not lines.is_recording(b'{"code":0,"data":[{"v":1,"exchange":2}]}')
    assert not lines.is_recording(b"")
