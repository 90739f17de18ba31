"""What the exchange's codes raise: the table of the design, and ccxt's own beside it."""

import ccxt
import pytest

from dfx_adapter import errors
from dfx_adapter.digifinex.answers import tables


def raised(parse, body):
    with pytest.raises(ccxt.BaseError) as caught:
        parse(body)
    return caught.value


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        ("20013", ccxt.OrderNotFound),
        ("20013", ccxt.InvalidOrder),  # old handlers still match
        ("10005", ccxt.RateLimitExceeded),
        ("10005", ccxt.DDoSProtection),
        ("20020", ccxt.RateLimitExceeded),
        ("20020", ccxt.DDoSProtection),
        ("200005", ccxt.RateLimitExceeded),
        ("200005", ccxt.DDoSProtection),
        ("10008", ccxt.InvalidNonce),
        ("10002", ccxt.AuthenticationError),
        ("10003", ccxt.AuthenticationError),
        ("10011", ccxt.AuthenticationError),
        ("20002", ccxt.MarketClosed),
        ("10006", ccxt.PermissionDenied),
        ("10007", ccxt.PermissionDenied),
        ("20018", ccxt.PermissionDenied),
        ("20011", ccxt.InsufficientFunds),
        ("20019", ccxt.BadSymbol),
        ("20007", ccxt.InvalidOrder),
        ("10004", ccxt.BadRequest),
        ("50000", ccxt.ExchangeNotAvailable),
    ],
)
@pytest.mark.parametrize("form", ['{{"code":{}}}', '{{"code":"{}"}}', '{{"code":{},"data":[]}}'])
def test_a_code_raises_the_class_of_the_table(code, error_class, form, parse):
    error = raised(parse, form.format(code))
    assert isinstance(error, error_class)
    assert (error.exchange_id, error.code) == ("digifinex", code)
    assert code in str(error)
    assert "digifinex" in str(error)
    assert error.body == form.format(code)
    assert error.body in str(error)


@pytest.mark.parametrize("code", ["10002", "10003", "10011"])
def test_a_bad_key_is_no_lack_of_permission(code, parse):
    assert type(raised(parse, f'{{"code":{code}}}')) is ccxt.AuthenticationError


def test_an_outage_can_be_retried_and_a_wrong_path_cannot(parse):
    """ccxt retries what is an OperationFailed."""
    assert isinstance(raised(parse, '{"code":50000}'), ccxt.OperationFailed)
    error = raised(parse, '{"code":10009}')
    assert not isinstance(error, ccxt.OperationFailed)
    assert error.code == "10009"


@pytest.mark.parametrize("code", [1, 7, 10000, 99999, 123456789, -1, -10005, 200, 30000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_an_unknown_code_is_an_exchange_error_with_code_and_body(code, quote, parse):
    body = f'{{"code":{quote}{code}{quote},"msg":"what happened"}}'
    error = raised(parse, body)
    assert type(error) is ccxt.ExchangeError
    assert error.code == str(code)
    assert str(code) in str(error)
    assert error.body == body
    assert "what happened" in str(error)


def test_an_error_wins_over_rows_that_came_with_it(parse, row):
    assert raised(parse, {"code": 10005, "data": [row()]}).code == "10005"


# Where the design names another class than ccxt 4.5.90 has, and why.
DEVIATIONS = {
    "10005": "RateLimited",  # both RateLimitExceeded and DDoSProtection
    "10009": "BadRequest",  # not retryable; ccxt: NetworkError
    "10011": "AuthenticationError",  # ccxt: AccountSuspended, for a key that expired
    "20002": "MarketClosed",  # ccxt: PermissionDenied, an AuthenticationError
    "20013": "OrderNotFound",  # ccxt: InvalidOrder, its base
    "20020": "RateLimited",  # as 10005
    "50000": "ExchangeNotAvailable",  # retryable; ccxt: ExchangeError
}
CCXT = {code: row[0] for code, row in ccxt.digifinex().describe()["exceptions"]["exact"].items()}


@pytest.mark.parametrize("code", CCXT)
def test_every_code_that_ccxt_knows_has_its_class_but_for_the_deviations(code, parse):
    error = raised(parse, f'{{"code":{code}}}')
    assert type(error).__name__ == DEVIATIONS.get(code, CCXT[code].__name__)


def test_every_deviation_is_one():
    assert [code for code, name in DEVIATIONS.items() if CCXT[code].__name__ == name] == []


def test_a_ban_begins_with_the_codes_of_frequency_and_not_with_those_of_trading_rules():
    begin = {code: row.error for code, row in tables.CODES.items() if row.begins_ban}
    assert begin == {"10005": "RateLimited", "200005": "RateLimited"}
    assert tables.CODES["20020"].error == "RateLimited"


# "Error codes" of the documents.
DOCUMENTED = (
    *range(10001, 10010),
    10011,
    20002,
    *range(20007, 20016),
    *range(20018, 20031),
    *range(20032, 20043),
    50000,
)


@pytest.mark.parametrize("code", DOCUMENTED)
def test_every_documented_code_has_a_row(code):
    row = tables.CODES[str(code)]
    assert row.meaning
    assert issubclass(errors.named(row.error), ccxt.ExchangeError | ccxt.OperationFailed)


@pytest.mark.parametrize("table", ["STATUSES", "TYPES", "CODES"])
def test_every_row_of_a_table_has_its_source(table):
    assert [key for key, row in getattr(tables, table).items() if not row.source.strip()] == []


def test_the_tables_are_what_the_documents_list():
    assert {key: row.status for key, row in tables.STATUSES.items()} == {
        0: "open",
        1: "open",
        2: "closed",
        3: "canceled",
        4: "canceled",
    }
    assert {key: (row.side, row.type) for key, row in tables.TYPES.items()} == {
        "buy": ("buy", "limit"),
        "sell": ("sell", "limit"),
        "buy_market": ("buy", "market"),
        "sell_market": ("sell", "market"),
    }
    assert dict(tables.KINDS) == {"spot": None, "margin": "cross"}
    assert tables.IDS_PER_REQUEST == 20
    assert tables.HISTORY_LIMIT == 100
    assert tables.HISTORY_DEFAULT_DAYS == 3
    assert tables.HISTORY_WINDOW_DAYS == 30


def test_currencies_are_called_as_ccxt_calls_them():
    currencies = {**ccxt.Exchange().commonCurrencies, **ccxt.digifinex().commonCurrencies}
    currencies.pop("BCC", None)  # ccxt 4.5.22 reads this ticker as BCH, 4.5.90 no longer does
    assert dict(tables.CURRENCIES) == currencies


@pytest.mark.parametrize("table", ["STATUSES", "TYPES", "KINDS", "CODES", "CURRENCIES"])
def test_nobody_changes_a_table_by_mistake(table):
    with pytest.raises(TypeError):
        getattr(tables, table)["new"] = None
