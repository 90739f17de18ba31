"""Bodies made hostile: valid answers with bytes, tokens, structure and types changed at random.

`mutated` is fed by any `random.Random`: Hypothesis brings its own, which shrinks, and the fuzz
target one that is seeded by libFuzzer.
"""

import json
import random
from collections.abc import Callable
from typing import Any

import msgspec

ROW = {
    "symbol": "BTC_USDT",
    "order_id": "a1",
    "created_date": 1_600_000_000,
    "finished_date": 1_600_000_050,
    "price": 9000.5,
    "amount": 2,
    "cash_amount": 0,
    "executed_amount": 0.5,
    "avg_price": 9000.25,
    "status": 1,
    "type": "buy",
    "kind": "spot",
}
BUDGET = {
    **ROW,
    "order_id": "b2",
    "type": "buy_market",
    "amount": 0,
    "cash_amount": 50,
    "status": 2,
}
CANCELED = {**ROW, "order_id": "c3", "type": "sell", "kind": "margin", "status": 4, "price": "0.1"}
DETAIL = {**ROW, "detail": [{"tid": "t", "date": 1_600_000_050, "executed_amount": 0.5}]}

# What answers look like before they are changed.
VALID: list[Any] = [
    {"data": [ROW, BUDGET, CANCELED], "code": 0},
    {"code": 0, "data": DETAIL},
    [ROW, CANCELED],
    {"data": [], "code": 0},
    {"code": 20013},
    {"code": "0", "data": [{**ROW, "price": "9000.5", "status": "1"}]},
]

# Tokens that stand in JSON where a value should: at the limits of number, text and structure.
TOKENS: list[bytes] = [
    *(b"null", b"true", b"false", b"[]", b"{}", b"[[]]", b'{"a":{}}', b'""', b'" "', b'"_"'),
    *(b"NaN", b"Infinity", b"-Infinity", b"nan", b"0x10", b"1_000", b"+1", b".5", b"5.", b"01"),
    *(b"0", b"-0", b"-0.0", b"0e0", b"0E-999999999", b"-1", b"-1e-400", b"1e-400", b"5e-324"),
    *(b"1e308", b"1e309", b"1e999999999", b"-1e999999999", b"1e-999999999", b"1e9999999999999"),
    *(b"1.7976931348623157e308", b"1.7976931348623159e308", b"2.4703282292062327e-324"),
    *(b"9007199254740993", b"18446744073709551616", b"-9223372036854775809", b"1" * 400),
    *(b"1" * 401, b"1" * 402, b"9" * 5000, b"0." + b"3" * 400, b"0." + b"3" * 401, b"1e00000"),
    *(b"253402300799", b"253402300800", b"1600000000000", b"1600000000.0", b"1600000000.5"),
    *(b'"0"', b'"5"', b'" 5"', b'"5 "', b'"1e5"', b'"-0"', b'"NaN"', b'"Infinity"', b'"1_0"'),
    *(b'"\\ud800"', b'"\\udc00\\ud800"', b'"\\u0000"', b'"\xed\xa0\x80"', b'"\xff"', b'"\x00"'),
    *(b'"\\u0661"', '"\N{ARABIC-INDIC DIGIT ONE}"'.encode(), b'"\\u200b"', b'"\\u202e"'),
    *(b'"BTC_USDT"', b'"BTC/USDT"', b'"A/B_C"', b'"A:B_C"', b'"_USDT"', b'"A_B_C"', b'"a_b"'),
    *(b'"' + b"x" * 5000 + b'"', b"[" * 600 + b"]" * 600, b'{"a":' * 600 + b"1" + b"}" * 600),
    *(b'"open"', b'"buy_market"', b'"sell_market"', b'"margin"', b"0", b"1", b"2", b"3", b"4"),
]
# What stands between values, or where nothing should.
FRAGMENTS: list[bytes] = [
    *(b",", b":", b'"', b"{", b"}", b"[", b"]", b"\\", b"\x00", b"\xff", b"\xed\xa0\x80", b"/*"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b'"status":9,', b'"order_id":"a1",', b'"data":[],'),
    *(b'"code":0,', b'"code":20013,', b"<html>", b"\n", b"\r\n0\r\n", b"1e999999999", b"\x1f\x8b"),
]


def mutated(rng: random.Random, value: Any) -> bytes:
    """Change the structure of a decoded answer a few times, then its text, or neither."""
    for _ in range(rng.randrange(4)):
        value = rng.choice(_OF_STRUCTURE)(rng, value)
    body = encoded(value)
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        body = rng.choice(_OF_TEXT)(rng, body)
    return body


def encoded(value: Any) -> bytes:
    """Write JSON; where a token was put in that is none, the text has it as it is."""
    try:
        return msgspec.json.encode(value)
    except (ValueError, TypeError, RecursionError):  # a lone surrogate that was decoded
        return json.dumps(value, default=lambda raw: bytes(raw).decode("latin-1")).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container with a key or an index of it."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        node = pending.pop()
        items = node.items() if isinstance(node, dict) else enumerate(node)
        if isinstance(node, dict | list):
            for key, inner in items:
                found.append((node, key))
                pending += [inner] if isinstance(inner, dict | list) else []
    return found


def _at_a_place(change: Callable[[random.Random, Any, Any], None]) -> Callable[..., Any]:
    def changed(rng: random.Random, value: Any) -> Any:
        fresh = _copied(value)
        places = _places(fresh) if isinstance(fresh, dict | list) else []
        if not places:
            return msgspec.Raw(rng.choice(TOKENS))
        change(rng, *rng.choice(places))
        return fresh

    return changed


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _replace(rng: random.Random, owner: Any, key: Any) -> None:
    owner[key] = msgspec.Raw(rng.choice(TOKENS))


def _delete(rng: random.Random, owner: Any, key: Any) -> None:
    del owner[key]


def _repeat(rng: random.Random, owner: Any, key: Any) -> None:
    if isinstance(owner, list):
        owner.insert(rng.randrange(len(owner) + 1), _copied(owner[key]))
    else:
        owner[f"{key}{rng.randrange(3)}"] = owner[key]


def _swap(rng: random.Random, owner: Any, key: Any) -> None:
    other = rng.choice(list(owner) if isinstance(owner, dict) else range(len(owner)))
    owner[key], owner[other] = owner[other], owner[key]


def _wrap(rng: random.Random, owner: Any, key: Any) -> None:
    owner[key] = rng.choice(([owner[key]], {"data": owner[key]}))


def _retype(rng: random.Random, owner: Any, key: Any) -> None:
    value = owner[key]
    if isinstance(value, str):
        owner[key] = rng.choice((len(value), value.upper(), list(value[:3]), value + " "))
    elif isinstance(value, int | float):
        owner[key] = rng.choice((str(value), -value, bool(value), [value], value * 10**9))


def _rename(rng: random.Random, owner: Any, key: Any) -> None:
    if isinstance(owner, dict):
        owner[rng.choice((key.upper(), key + " ", "status", "order_id", ""))] = owner.pop(key)


_OF_STRUCTURE = [
    _at_a_place(mutate) for mutate in (_replace, _delete, _repeat, _swap, _wrap, _retype, _rename)
] + [_at_a_place(_replace)] * 3


def _span(rng: random.Random, body: bytes) -> tuple[int, int]:
    start = rng.randrange(len(body) + 1)
    return start, min(len(body), start + rng.choice((1, 1, 2, 5, 20, 100)))


def _insert(rng: random.Random, body: bytes) -> bytes:
    start = rng.randrange(len(body) + 1)
    return body[:start] + rng.choice(FRAGMENTS) + body[start:]


def _overwrite(rng: random.Random, body: bytes) -> bytes:
    start, end = _span(rng, body)
    return body[:start] + rng.randbytes(end - start) + body[end:]


def _cut(rng: random.Random, body: bytes) -> bytes:
    start, end = _span(rng, body)
    return body[:start] + body[end:]


def _double(rng: random.Random, body: bytes) -> bytes:
    start, end = _span(rng, body)
    return body[:end] + body[start:]


def _truncate(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def _key_twice(rng: random.Random, body: bytes) -> bytes:
    """Give an object a key that it may have already."""
    starts = [index for index, byte in enumerate(body) if byte == ord("{")] or [0]
    start = rng.choice(starts) + 1
    name = rng.choice((*ROW, "code", "data")).encode()
    return b'%b"%b":%b,%b' % (body[:start], name, rng.choice(TOKENS), body[start:])


_OF_TEXT = [_insert, _overwrite, _cut, _double, _truncate, _key_twice]
