"""A recorded answer as a vector: what stands in the recording, and a draft of what it becomes.

What an answer must become is worked out by hand. The draft has what the adapter makes of it, so
that each value can be held against the row; it proves nothing until somebody has done so.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from dfx_conformance import recordings
from dfx_conformance.calling import awaited
from dfx_conformance.compare import carried, class_names, has_code
from dfx_conformance.rules import RULES
from dfx_conformance.vectors import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dfx_conformance.subject import Subject

_STATUS_PATH: Final = re.compile(r"/(?:spot|margin)/order(?:/detail)?(?:\?|$)")
_IDS: Final = re.compile(r'("order_id"\s*:\s*")([^"]+)')
# Rules of a mapping that name no key, or that no single row proves.
_KEYS: Final = (
    *("id", "symbol", "status", "side", "type", "timestamp", "datetime", "lastTradeTimestamp"),
    *("lastUpdateTimestamp", "price", "average", "amount", "filled", "remaining", "cost"),
    *("cashAmount", "fee", "fees", "marginMode"),
)
_OPTIONAL: Final = frozenset({"cashAmount", "marginMode"})  # left out where None
_STATUS_RULES: Final = {"open": "MAP-001", "closed": "MAP-002", "canceled": "MAP-003"}
_TYPE_RULES: Final = {"limit": "MAP-005", "market": "MAP-006"}


class DraftError(ValueError):
    """A line cannot become a vector; says why."""


def line_of(file: Path, number: int) -> dict[str, Any]:
    """Return the answer that stands on a line of a recording.

    Raises:
        DraftError: there is none, or it is not one about the status of DigiFinex's orders.
    """
    found = next((line for place, line in recordings.lines(file) if place == number), None)
    if found is None or not isinstance(found.get("body"), str):
        raise DraftError(f"{file.name}: line {number} has no answer of a recording")
    asked = f"{found['exchange']} {found['url']}"
    if found["exchange"] != "digifinex" or not _STATUS_PATH.search(found["url"]):
        raise DraftError(
            f"{file.name}: line {number} is of {asked}: vectors are answers of DigiFinex about the "
            "status of orders; of other exchanges, a recording is run whole, by --recorded"
        )
    return found


async def draft(
    subject: Subject, line: Mapping[str, Any], id_: str, source: str | None, *, blur: bool
) -> dict[str, Any]:
    """Return the vector of a line.

    Args:
        subject: its `parse` makes the draft of what is expected.
        line: of a recording.
        id_: of the vector, permanent and new.
        source: where it can be looked up; by default, when and how it was recorded.
        blur: puts other order ids of the same length in the place of those of the answer.

    Raises:
        DraftError: there is a vector of that id.
    """
    if any(vector.id == id_ for vector in load()):
        raise DraftError(f"{id_}: there is a vector of that id")
    text = _IDS.sub(_blurred, line["body"]) if blur else line["body"]
    day = datetime.fromtimestamp(line["time"] / 1000, UTC).date()
    path = line["url"].partition("?")[0]
    request = f"{line['http']} {path}, HTTP {line['status']}, recorded {day} (ccxt {line['ccxt']})"
    expected, rules = await _expected(subject, text)
    return {
        "id": id_,
        "title": f"an answer to {line['method']}, as the exchange sent it",
        "rules": rules,
        "capability": "margin" if "/margin/" in path or '"margin"' in text else "spot",
        "level": "MUST",
        "provenance": "recorded",
        "source": source or request,
        "body": {"text": text},
        **expected,
    }


async def _expected(subject: Subject, text: str) -> tuple[dict[str, Any], list[str]]:
    parse: Any = subject.parse
    try:
        orders = list(await awaited(parse(text.encode())))
    except Exception as error:
        if "BaseError" not in class_names(error):
            raise
        code = getattr(error, "code", None)
        expected = {"class": type(error).__name__} | ({"code": code} if code else {})
        path = getattr(error, "path", None)
        expected |= {"path": path} if path else {}
        expected |= {"orders": [_plain(one) for one in carried(error)]} if carried(error) else {}
        return {"error": expected}, [_rule_of_error(expected)]
    rules = [
        *(_STATUS_RULES[one["status"]] for one in orders if one["status"] in _STATUS_RULES),
        *(_TYPE_RULES[one["type"]] for one in orders),
        *(("MAP-010", "MAP-012", "MAP-013", "MAP-020", "MAP-022") if orders else ("LIST-003",)),
    ]
    return {"orders": [_plain(one) for one in orders]}, list(dict.fromkeys(rules))


def _rule_of_error(expected: Mapping[str, Any]) -> str:
    """Return the rule that names the code, or else the one about the class."""
    code = str(expected.get("code") or "")
    named = (rule.id for rule in RULES if rule.id.startswith("ERR-") and has_code(rule.text, code))
    if code and (first := next(named, None)):
        return first
    return "ERR-012" if code else "ERR-002"


def _plain(order: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: order.get(key) for key in _KEYS}
    return {
        key: value if value is None or isinstance(value, str | int | list) else f"{value:f}"
        for key, value in kept.items()
        if key not in _OPTIONAL or value is not None
    }


def _blurred(found: re.Match[str]) -> str:
    digits = sha256(found[2].encode()).hexdigest()
    return found[1] + (digits * (len(found[2]) // len(digits) + 1))[: len(found[2])]


def added(file: Path, vector: Mapping[str, Any]) -> None:
    """Put a vector at the end of a file of vectors, the rest of which stays as it is.

    Raises:
        DraftError: the file is none.
    """
    text = file.read_text(encoding="utf-8")
    end = re.search(r"\n?\s*\]\s*\}\s*\Z", text)
    if end is None:
        raise DraftError(f"{file.name}: no file of vectors")
    indented = written(vector).replace("\n", "\n    ")
    file.write_text(f"{text[: end.start()]},\n    {indented}\n  ]\n}}\n", encoding="utf-8")


def written(vector: Mapping[str, Any]) -> str:
    """Write a vector as the suite's own files have them."""
    lines = [f'  "{key}": {_on_one_line(key, value)}' for key, value in vector.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def _on_one_line(key: str, value: Any) -> str:
    if key != "orders":
        return json.dumps(value, ensure_ascii=False)
    rows: Sequence[Any] = value
    inner = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f"[\n{inner}\n  ]" if rows else "[]"
