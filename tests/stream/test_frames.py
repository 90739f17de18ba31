"""Frames of the WebSocket, from the documents' own examples and from whoever sends anything."""

import contextlib
import json
import zlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfx_adapter.digifinex.stream import frames

# Websocket_API_en.md, "server.auth", "order.update".
ANSWER = '{"error": null, "result": {"status": "success"}, "id": 12312}'
PUSH = (
    '{"method":"order.update","params":[{"amount":"0","filled":"0.9969",'
    '"id":"31b7f41c81787b4200c75eb074e6edc9","mode":1,"notional":"9713.82","price":"0",'
    '"price_avg":"9700","side":"buy","status":2,"symbol":"BTC_USDT","timestamp":1589272547000,'
    '"type":"market"}],"id":null}'
)


def test_the_signature_is_of_the_time_alone():
    written = json.loads(frames.auth(7, "key", "01234567890123456789abcd", 1583135616239))
    assert written == {
        "id": 7,
        "method": "server.auth",
        "params": ["key", "1583135616239", "tzcVcUbbxJ7fzsNURTvDD42uAs9jDTV67ObUJKQ+QHk="],
    }


@pytest.mark.parametrize("pack", [str, lambda text: zlib.compress(text.encode())])
def test_the_documents_examples(pack):
    assert frames.read(pack(ANSWER)) == frames.Reply(12312, None)
    (update,) = frames.read(pack(PUSH))
    assert update == frames.Update(
        *("31b7f41c81787b4200c75eb074e6edc9", "BTC_USDT", "spot", 2),
        *(Decimal(0), Decimal("0.9969"), "9700"),
    )


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ({"code": 3, "message": "auth fail"}, "3 auth fail"),
        ("auth fail", "auth fail"),
        (5, "5"),
    ],
)
def test_errors_in_all_forms_seen(error, text):
    frame = json.dumps({"error": error, "result": None, "id": 1})
    assert frames.read(frame) == frames.Reply(1, text)


@pytest.mark.parametrize("frame", ['{"method":"balance.update","params":[{}],"id":null}'])
def test_what_else_is_pushed_is_left(frame):
    assert frames.read(frame) == []


def changed(**fields):
    row = json.loads(PUSH)["params"][0]
    return json.dumps({"method": "order.update", "params": [{**row, **fields}], "id": None})


@pytest.mark.parametrize(
    "frame",
    [
        *("", "{", "[]", "5", "null", "{}", '{"id": 1}', '{"method": 5}', "NaN"),
        *(b"", b"junk", zlib.compress(b"junk"), zlib.compress(ANSWER.encode())[:-5]),
        zlib.compress(bytes(frames.LARGEST + 1)),
        *('{"method":"order.update","params":5}', '{"method":"order.update","params":[5]}'),
        *(changed(id=None), changed(id=""), changed(id=5), changed(symbol=None)),
        *(changed(status="2"), changed(status=None), changed(mode=3)),
        *(changed(filled=x) for x in ("", "x", "-1", "NaN", "1e", True, None, [1])),
        changed(amount="Infinity"),
        "[" * 100_000,
    ],
    ids=lambda frame: str(frame[:30]),
)
def test_what_breaks_the_documents_is_unreadable(frame):
    with pytest.raises(frames.Unreadable):
        frames.read(frame)


@given(st.text() | st.binary() | st.binary().map(zlib.compress))
def test_whatever_comes_is_read_or_unreadable(frame):
    with contextlib.suppress(frames.Unreadable):
        frames.read(frame)


@pytest.mark.parametrize("filled", [0.5, "0.5", "5e-1"])
def test_quantities_are_exact_in_whatever_form(filled):
    (update,) = frames.read(changed(filled=filled))
    assert update.filled == Decimal("0.5")
