"""From the values of a row to the order by the rules; from the rows of an answer to its orders."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from dfx_adapter.exchanges import checks, rules
from dfx_adapter.kit.rows import Row, bad_response, exact, path_to
from dfx_adapter.order import BLANK, NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dfx_adapter.hookspecs import ParseContext
    from dfx_adapter.order import Order

Number = Decimal | int | float | str


class Values(TypedDict, total=False):
    """What a row may say of its order beside `id`, `status` and the market; keys as in the order.

    Words: clientOrderId, type, timeInForce, side, marginMode. True or False: postOnly, reduceOnly,
    hedged. Times: timestamp, lastTradeTimestamp, lastUpdateTimestamp. Numbers: price, stopPrice,
    triggerPrice, takeProfitPrice, stopLossPrice, amount, cashAmount (the quote money of a market
    buy), filled, remaining, average, cost. The others: trades, fee, fees, leverage.

    Numbers are exact text, int or Decimal (of a float, its repr); times are whole milliseconds.
    What is left out is None in the order, or worked out exactly: `remaining` from `amount` and
    `filled`, `cost` from `filled` and `average` or the other way round, `datetime`, `fees`. A
    closed market order without an amount, which was one for money, has what was filled.
    """

    clientOrderId: str | None
    type: str | None
    timeInForce: str | None
    postOnly: bool | None
    reduceOnly: bool | None
    side: str | None
    timestamp: int | None
    lastTradeTimestamp: int | None
    lastUpdateTimestamp: int | None
    price: Number | None
    stopPrice: Number | None
    triggerPrice: Number | None
    takeProfitPrice: Number | None
    stopLossPrice: Number | None
    amount: Number | None
    cashAmount: Number | None
    filled: Number | None
    remaining: Number | None
    average: Number | None
    cost: Number | None
    trades: list[Any]
    fee: dict[str, Any] | None
    fees: list[dict[str, Any]]
    marginMode: str | None
    leverage: Any
    hedged: bool | None


_VALUES: Final = frozenset(Values.__annotations__)


def order(
    context: ParseContext,
    row: Row | Mapping[str, Any],
    *,
    id: str,  # noqa: A002  # ccxt's name
    status: object,
    symbol: str | None = None,
    market_id: str | None = None,
    contract_size: Number | None = None,
    inverse: bool = False,
    **values: Unpack[Values],
) -> Order[Any]:
    """Make the complete order of a row: every key, every rule, the caller's type of numbers.

    Args:
        context: as the hook got it.
        row: the row, which becomes `info`.
        id: the exchange's id of the order.
        status: the exchange's word or number for it, looked up in `context.statuses` (as it is,
            then in lower case); None where the row does not say. Where it must be worked out of
            other keys, give the unified status itself: those need no table.
        symbol: the unified symbol, where the plugin knows it.
        market_id: else the exchange's id of the market, looked up in `context.symbol_of`; where no
            market of that id is loaded, as offline, the symbol is None, and a warning says so, once
            per market.
        contract_size: what one unit of `amount` is in coins, or in money with `inverse`. None says
            that `amount` is in coins; of a contract (a symbol with a colon) it says that the size
            is not known, and then `cost` and `average` are those of the row.
        inverse: whether the contract is one of money, paid in coins.
        values: see `Values`. A price of 0 and an average without fills are None; the price of a
            market order is its average; a trade time without fills is an update time; words become
            lower case (LIMIT_MAKER -> limit_maker).

    Raises:
        UnknownStatus: `context.statuses` does not have it.
        ccxt.BadResponse: a value cannot be: a number below 0, a side that is neither buy nor sell.
        TypeError: a keyword is no key of an order, or a fee is no dict.
    """
    row = row if isinstance(row, Row) else Row(context, row)
    unknown = sorted(values.keys() - _VALUES)
    if unknown:
        raise TypeError(f"kit.order: no key of an order: {', '.join(map(_meant, unknown))}")
    given: dict[str, Any] = {**values}
    _check_fees(given)
    for name in NUMBERS:
        given[name] = _quantity(row, name, given.get(name))
    if symbol is None and market_id is not None:
        symbol = _symbol(context, market_id)
    fee = given.get("fee")
    given.setdefault("fees", [fee] if fee else [])
    status = _status(context, row, status)
    if status == "closed" and str(given.get("type")).lower() == "market":
        given["amount"] = given["amount"] or given["filled"]  # one for money says no amount
    found: list[str] = []
    done = rules.completed(
        {
            **BLANK,
            **given,
            "id": id,
            "symbol": symbol,
            "status": status,
            "info": row.raw,
        },
        rules.Rules(
            number=context.number,
            market=_market(symbol, contract_size, is_inverse=inverse),
            warn=found.append,
        ),
    )
    if found:
        raise row.wrong(f"an order by the rules ({'; '.join(found)})", row.raw)
    return done


def _meant(name: str) -> str:
    """Say of an unknown keyword which one was meant, or who gives that key."""
    if name in {"info", "datetime"}:
        return f"{name} (it is worked out)"
    near = difflib.get_close_matches(name, _VALUES, n=1)
    return f"{name} (did you mean {near[0]}?)" if near else name


def _check_fees(given: Mapping[str, Any]) -> None:
    """Refuse a bare number, which would be left out as a fee without a currency is."""
    fees = [given.get("fee"), *(given.get("fees") or ())]
    wrong = [fee for fee in fees if fee is not None and not isinstance(fee, dict)]
    if wrong:
        shape = 'expected {"cost": ..., "currency": ...} or None'
        raise TypeError(f"kit.order: fee: {shape}, found {wrong[0]!r}")


def _quantity(row: Row, name: str, value: Any) -> Decimal | None:
    number = None if value is None else exact(value)
    if value is not None and (number is None or number < 0):
        raise row.wrong(f"{name} to be a number that is not negative", value)
    return number


def _status(context: ParseContext, row: Row, status: object) -> str | None:
    if status is None:
        return None
    word = str(status)
    known = context.statuses.get(word) or context.statuses.get(word.lower())
    if known is None:
        raise _unknown_status(context, row, status)
    return known


def _unknown_status(context: ParseContext, row: Row, status: object) -> Exception:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    names = [name for name, value in row.raw.items() if value == status]
    path = row.path_of(names[0]) if len(names) == 1 else row.path
    expected = f"a status of {', '.join(context.statuses)}"
    return errors.describe(
        errors.UnknownStatus,
        f"answer: {path}: expected {expected}, found {status!r}",
        exchange_id=context.exchange_id,
        path=path,
        found=status,
        expected=expected,
    )


def _symbol(context: ParseContext, market_id: str) -> str | None:
    symbol = context.symbol_of(market_id)
    if symbol is None:
        sentence = "not among the loaded ones: the symbol of its orders is None"
        context.warn(f"{context.exchange_id} market {market_id!r}", sentence)
    return symbol


def _market(
    symbol: str | None, contract_size: Number | None, *, is_inverse: bool
) -> dict[str, Any] | None:
    """Return what the rules must know of the market, as ccxt has it."""
    if contract_size is not None:
        kind = {"linear": not is_inverse, "inverse": is_inverse}
        return {"symbol": symbol, "contract": True, "contractSize": contract_size, **kind}
    is_contract = symbol is not None and ":" in symbol
    return None if is_contract else {"symbol": symbol, "contract": False}


def orders(
    context: ParseContext,
    rows: object,
    mapping: Callable[[ParseContext, Row], Order[Any]],
    *,
    path: str = "$",
    key: str = "id",
) -> list[Order[Any]]:
    """Map the rows of an answer, in their order; a bad row does not cost the good ones.

    Args:
        context: as the hook got it. With `bad_row` "skip" a bad row is warned of and left out.
        rows: a list of rows, or an object of rows by their ids.
        mapping: makes the order of one row, mostly by `order`.
        path: the JSON path of `rows` in the answer, for errors.
        key: where rows stand by their ids, the name that each id gets inside its row.

    Raises:
        ccxt.BadResponse: `rows` is neither, or the first bad row's error, whatever class it has;
            the good orders are its `orders`.
    """
    good: list[Order[Any]] = []
    faults: list[Exception] = []
    for row_path, raw in _rows(context, rows, path, key):
        try:
            good.append(mapping(context, Row(context, raw, row_path)))
        except Exception as fault:
            if not _is_ccxts(fault):
                raise
            faults.append(fault)
            if context.bad_row == "skip":
                context.warn(f"{context.exchange_id} order skipped", str(fault))
    if faults and context.bad_row != "skip":
        raise _carrying(faults[0], good)
    return good


def _rows(context: ParseContext, rows: object, path: str, key: str) -> Iterator[tuple[str, object]]:
    if isinstance(rows, list):
        yield from ((f"{path}[{place}]", row) for place, row in enumerate(rows))
    elif isinstance(rows, Mapping):
        for id_, row in rows.items():
            merged = {key: id_, **row} if isinstance(row, Mapping) else row
            yield path_to(path, str(id_)), merged
    else:
        raise bad_response(context, path, rows, "a list of rows, or an object of rows by id")


def _is_ccxts(fault: Exception) -> bool:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return isinstance(fault, errors.BaseError)


def _carrying(fault: Exception, good: list[Order[Any]]) -> Exception:
    from dfx_adapter import errors  # noqa: PLC0415  # raising may import ccxt, parsing must not

    return errors.add(fault, orders=good)


def check(
    order: object,
    number: Callable[[str], Any] = float,
    market: Mapping[str, Any] | None = None,
) -> list[str]:
    """Return what is wrong with an order, in sentences; an empty list where nothing is.

    Args:
        order: a unified order, however it was made.
        number: the type that its numbers must have: float, Decimal or str.
        market: ccxt's market of the order; it knows the size of a contract.
    """
    return checks.problems(order, number, market)
