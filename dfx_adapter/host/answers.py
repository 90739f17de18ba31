"""What plugins answer to the mapping hook is checked before a bot sees it.

The built-in mappings are trusted: nothing is checked where no other plugin has a say. Where a check
fails, each plugin is asked alone, to name the one at fault; the built-in mapping is asked, too, so
that no plugin is blamed for what it only passed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dfx_adapter.excerpts import excerpt, written
from dfx_adapter.exchanges import checks
from dfx_adapter.host.faults import plugin_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dfx_adapter.host.plugins import PluginInfo

HOOK: Final = "dfx_parse_orders"

Faults = dict[int, list[str]]  # what is wrong with the orders of an answer, by their place


def check(
    exchange_id: str,
    orders: object,
    number: Callable[[str], Any],
    strangers: Mapping[str, PluginInfo],
    mapped_by: Callable[[str | None], Any],
) -> None:
    """Refuse an answer that is no list of whole orders.

    Args:
        exchange_id: whose orders they are.
        orders: the answer.
        number: the type of number that was asked for.
        strangers: the plugins that may be at fault, by name.
        mapped_by: maps the same with the built-in mapping and, of the others, one or none.

    Raises:
        PluginError: it names plugin, distribution and exchange, the first order that is wrong, and
            what is wrong with it; its `orders` are those that are right.
    """
    if orders is None:
        reason = f"has answers that no plugin maps: {HOOK} answered None"
        raise plugin_error(exchange_id, reason)
    if not isinstance(orders, list):
        culprits = _culprits(strangers, mapped_by, lambda answer: not isinstance(answer, list))
        reason = f"{culprits}: {HOOK} answered {written(orders)}, not a list"
        raise plugin_error(exchange_id, reason, found=orders, expected="a list")
    faults = _faults(orders, number)
    if faults and not _are_passed_on(faults, _asked(mapped_by, None), number):
        culprits = _culprits(strangers, mapped_by, lambda answer: bool(_faults(answer, number)))
        raise _wrong_order(exchange_id, culprits, orders, faults)


def _faults(orders: object, number: Callable[[str], Any]) -> Faults:
    if not isinstance(orders, list):
        return {}
    found = {place: list(checks.shape(order, number)) for place, order in enumerate(orders)}
    return {place: sentences for place, sentences in found.items() if sentences}


def _are_passed_on(faults: Faults, built_in: object, number: Callable[[str], Any]) -> bool:
    """Tell whether the built-in mapping itself has answered so: ccxt may know no id, say."""
    own = _faults(built_in, number)
    return all(own.get(place) == sentences for place, sentences in faults.items())


def _culprits(
    strangers: Mapping[str, PluginInfo],
    mapped_by: Callable[[str | None], Any],
    is_wrong: Callable[[Any], bool],
) -> str:
    """Name the plugins that answer wrongly without the others; all, where none does."""
    wrong = [
        info
        for name, info in strangers.items()
        if (answer := _asked(mapped_by, name)) is not None and is_wrong(answer)
    ]
    return " and ".join(map(str, wrong or strangers.values()))


def _asked(mapped_by: Callable[[str | None], Any], name: str | None) -> Any:
    try:
        return mapped_by(name)
    except Exception:  # noqa: BLE001  # a wrapper may not bear to be alone
        return None


def _wrong_order(exchange_id: str, culprits: str, orders: list[Any], faults: Faults) -> Exception:
    place, sentences = next(iter(faults.items()))
    order = orders[place]
    id_ = order.get("id") if isinstance(order, dict) else None
    named = f"order {place}" + (f" (id {written(id_)})" if id_ is not None else "")
    more = len(faults) - 1
    others = f"; {more} more orders are wrong" if more else ""
    return plugin_error(
        exchange_id,
        f"{culprits}: {HOOK}: {named}: {excerpt('; '.join(sentences))}{others}",
        path=f"$[{place}]",
        found=order,
        expected="an order with every key of dfx_adapter.Order",
        ids=[id_] if isinstance(id_, str) and id_ else [],
        orders=[right for index, right in enumerate(orders) if index not in faults],
    )
