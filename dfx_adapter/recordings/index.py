"""What a recording has: its exchanges and accounts, and the calls that it can answer.

A call is looked up by its method and arguments; the nth call is answered as the nth one was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dfx_adapter import errors
from dfx_adapter.recordings import asked
from dfx_adapter.recordings.lines import Answer, Markets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dfx_adapter.recordings.lines import Line

_LOADING: Final = asked.in_camel_case(asked.LOAD_MARKETS)
_NEAREST: Final = 3  # calls that an error names of those that are there


class RecordedCall(NamedTuple):
    """A call that is in a recording.

    `line` and `time` are those of its first answer, `status` is that of HTTP of its last one, or
    None where that did not come.
    """

    line: int
    time: int
    method: str
    args: list[Any]
    status: int | None = None

    def __str__(self) -> str:
        """Return the call as Python writes it."""
        return f"{self.method}({written(self.args)})"


class Found(NamedTuple):
    """The answers of one call; `ids` are those of its request, where several calls shared it."""

    answers: list[Answer]
    ids: list[str]


NOTHING: Final = Found([], [])


class Chosen(NamedTuple):
    """The lines of one account of one exchange."""

    exchange_id: str
    answers: list[Answer]
    markets: list[dict[str, Any]]
    options: dict[str, Any]


def choose(lines: Iterable[Line], exchange_id: str | None, account: str | None) -> Chosen:
    """Take the lines of one exchange and account; those of no account belong to all.

    Raises:
        ccxt.BadRequest: there are several, or none.
    """
    kept = list(lines)
    found = list(dict.fromkeys(line.exchange for line in kept))
    exchange_id = _only("exchange", exchange_id, found)
    kept = [line for line in kept if line.exchange == exchange_id]
    accounts = list(dict.fromkeys(line.account for line in kept if line.account is not None))
    account = _only("account", account, accounts) if accounts or account else None
    kept = [line for line in kept if line.account in {account, None}]
    markets: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for line in kept:
        if isinstance(line, Markets):
            markets |= {market["symbol"]: market for market in line.markets}
            options = _merged(options, line.options)
    answers = [line for line in kept if isinstance(line, Answer)]
    return Chosen(exchange_id, answers, list(markets.values()), options)


def accounts(lines: Iterable[Line]) -> list[tuple[str, str | None]]:
    """Return the exchanges of a recording with their accounts; None where an exchange has none."""
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        of_exchange = found.setdefault(line.exchange, {})
        if line.account is not None:
            of_exchange[line.account] = None
    return [(id_, account) for id_, known in found.items() for account in known or (None,)]


def _only(name: str, wanted: str | None, found: Sequence[str]) -> str:
    """Return what is wanted of what a recording has, or the only one that there is."""
    if wanted is None and len(found) == 1:
        return found[0]
    if wanted in found:
        return str(wanted)
    expected = " or ".join(map(repr, found)) or "a recording with an answer in it"
    message = f"recording: {name}: expected {expected}, found {wanted!r}"
    raise errors.describe(
        errors.BadRequest, message, exchange_id="dfx_adapter", found=wanted, expected=expected
    )


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = {**one, **other}
    for name in one.keys() & other.keys():
        if isinstance(one[name], dict) and isinstance(other[name], dict):
            both[name] = _merged(one[name], other[name])
    return both


class Index:
    """The calls of a recording, by method and arguments.

    Args:
        answers: of one account of one exchange, in the order of the file.
        symbol_of: gives the one symbol of a text that may name a market.
    """

    def __init__(self, answers: Iterable[Answer], symbol_of: Callable[[str], str]) -> None:
        self._symbol_of = symbol_of
        self._found: dict[str, list[Found]] = defaultdict(list)
        self._taken: Counter[str] = Counter()
        self.calls: list[RecordedCall] = []
        groups: dict[str, list[Answer]] = {}
        for answer in answers:
            groups.setdefault(answer.call or f"line {answer.line}", []).append(answer)
        for group in _as_asked(groups):
            self._add(group)

    def _add(self, group: list[Answer]) -> None:
        first = group[0]
        answers = sorted(group, key=lambda answer: answer.n)
        shared: dict[str, Answer] = {}
        for answer in group:
            if answer.shared:
                shared.setdefault(repr(answer.shared), answer)
        own = next(iter(shared.values()), None)
        self._put(first, first.args, Found(answers, _ids(own) if own else []))
        for one in shared.values():
            for args in one.shared:
                self._put(one, args, Found(answers, _ids(one)))

    def _put(self, answer: Answer, args: list[Any], found: Found) -> None:
        self._found[self._key(answer.method, args)].append(found)
        if answer.method.startswith("watch"):
            return  # what a stream asks for beside its messages cannot be asked for again
        call = RecordedCall(answer.line, answer.time, answer.method, _usual(args))
        self.calls.append(call._replace(status=found.answers[-1].status))

    def _key(self, method: str, args: Sequence[Any]) -> str:
        same = () if method == _LOADING else args  # again or not
        return asked.key(method, same, self._symbol_of)

    def take(self, method: str, args: Sequence[Any]) -> Found | None:
        """Return the answers of a call, the last ones again for what is only read, or None."""
        key = self._key(method, args)
        found, place = self._found.get(key, []), self._taken[key]
        self._taken[key] += 1
        if place < len(found):
            return found[place]
        return found[-1] if found and asked.is_reading(method) else None

    def is_over(self, method: str, args: Sequence[Any]) -> bool:
        """Tell whether there is no further answer to a call."""
        key = self._key(method, args)
        return self._taken[key] >= len(self._found.get(key, ()))

    def nearest(self, method: str, args: Sequence[Any]) -> str:
        """Say in words what there is of a method, the nearest arguments first."""
        key = self._key(method, args)
        count = len(self._found.get(key, ()))
        if count:
            return f"it was called so {count} times"
        others = [call for call in self.calls if call.method == method]
        if not others:
            names = ", ".join(dict.fromkeys(call.method for call in self.calls))
            return f"there are calls of {names or 'nothing'}"
        near = sorted(others, key=lambda call: asked.differing(args, call.args))
        calls = list(dict.fromkeys(map(str, near)))
        more = f" and {len(calls) - _NEAREST} more" if len(calls) > _NEAREST else ""
        return f"there are {', '.join(calls[:_NEAREST])}{more}"


def _as_asked(groups: dict[str, list[Answer]]) -> Iterator[list[Answer]]:
    """Yield calls in the order of the file, but those of a process as it has made them.

    Of calls that are under way together, the last may be answered first.
    """
    numbers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for call in groups:
        process, _, number = call.rpartition("-")
        numbers[process].append((int(number) if number.isdecimal() else 0, call))
    in_order = {process: iter(sorted(calls)) for process, calls in numbers.items()}
    for call in groups:
        yield groups[next(in_order[call.rpartition("-")[0]])[1]]


def written(args: Sequence[Any]) -> str:
    """Write arguments as a call has them."""
    return ", ".join(repr(_usual(one)) for one in args)


def _id(args: Sequence[Any]) -> str:
    return str(args[0]) if args else ""


def _ids(answer: Answer) -> list[str]:
    """Return the ids that a shared request asked for, in its order."""
    return list(dict.fromkeys([_id(answer.args), *map(_id, answer.shared)]))


def _usual(value: Any) -> Any:
    """Return an argument with floats in the place of fractions that a float has exactly."""
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else value
    if isinstance(value, dict):
        return {name: _usual(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_usual(inner) for inner in value]
    return value
