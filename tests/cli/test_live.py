"""`dfx-adapter order` and `orders`, over a socket to a simulated exchange."""

import json

import pytest

from dfx_adapter.simulator import Body, Code


def orders_of(result):
    return [json.loads(line, parse_float=str) for line in result.stdout.splitlines()]


def ids_of(result):
    return [order["id"] for order in orders_of(result)]


@pytest.fixture
def ids(account):
    """An open limit buy, partly filled, and a market buy."""
    first = account.place(price="9500.5", amount="0.4", order_id="first")
    account.fill(first, "0.1")
    return [first, account.place(type="buy_market", cash_amount="100", order_id="second")]


def test_orders_in_the_order_asked_without_repeats(run, ids):
    result = run("order", "second", "first", "second")
    assert (result.exit_code, result.stderr) == (0, "")
    second, first = orders_of(result)
    assert (second["id"], second["cashAmount"], second["amount"]) == ("second", 100, None)
    assert (first["id"], first["filled"], first["remaining"], first["cost"]) == (
        *("first", "0.1", "0.3", "950.05"),
    )


def test_every_digit(run, account):
    account.place(price="0.00000012", amount="1234567890.12345678", order_id="fine")
    result = run("order", "fine")
    assert b'"price":0.00000012,' in result.stdout_bytes
    assert b'"amount":1234567890.12345678,' in result.stdout_bytes


def test_one_that_is_missing_does_not_hide_the_other(run, ids):
    result = run("order", "nope", "first")
    assert (result.exit_code, ids_of(result)) == (1, ["first"])
    (line,) = result.stderr.splitlines()
    assert "OrderNotFound" in line
    assert "nope" in line


def test_none_found(run, account):
    result = run("order", "nope")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1


def test_margin(run, account):
    account.place(price="9500.5", amount="0.4", kind="margin", order_id="m")
    assert run("order", "m").exit_code == 1
    result = run("order", "m", "--market", "margin")
    assert result.exit_code == 0
    assert orders_of(result)[0]["marginMode"] == "cross"


def test_a_symbol_is_checked(run, ids):
    assert run("order", "first", "--symbol", "BTC/USDT").exit_code == 0
    result = run("order", "first", "--symbol", "ETH/USDT")
    assert (result.exit_code, orders_of(result)[0]["symbol"]) == (1, "BTC/USDT")
    assert "BadSymbol" in result.stderr


def test_formats(run, ids):
    assert run("order", "first", "--format", "csv").stdout.startswith("id,clientOrderId,symbol")
    assert "buy limit" in run("order", "first", "--format", "table").stdout


def test_all_orders(run, ids):
    result = run("orders")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(ids_of(result)) == ["first", "second"]


def test_only_the_open_ones(run, account, ids):
    account.cancel("first")
    assert ids_of(run("orders", "--open")) == ["second"]


def test_of_a_symbol_and_a_market(run, account, ids):
    account.place("ETH_USDT", price="200", amount="1", order_id="eth")
    account.place("ETH_USDT", price="200", amount="1", kind="margin", order_id="eth-m")
    assert ids_of(run("orders", "--symbol", "ETH/USDT")) == ["eth"]
    assert ids_of(run("orders", "--market", "margin")) == ["eth-m"]


@pytest.mark.parametrize(
    "since",
    [
        "2026-01-02",
        "2026-01-02T00:00:00",
        "2026-01-02T00:00:00Z",
        "2026-01-02T02:00:00+02:00",
        "1767312000000",
    ],
)
def test_since_and_limit(run, mocker, since):
    client = mocker.Mock(requiredCredentials={})
    client.fetch_orders.return_value = []
    mocker.patch("dfx_adapter.connect", return_value=client)
    assert run("orders", "--since", since, "--limit", "2").exit_code == 0
    client.fetch_orders.assert_called_once_with(None, 1767312000000, 2, {})


def test_a_time_that_is_none(run, account):
    result = run("orders", "--since", "yesterday")
    assert result.exit_code == 2
    assert result.stderr.startswith("dfx-adapter: --since 'yesterday': expected ISO 8601 or ")
    assert account.requests == []


def test_the_good_rows_of_a_list(run, account, ids):
    account.set_row("first", status=7)
    result = run("orders")
    assert (result.exit_code, ids_of(result)) == (1, ["second"])
    assert result.stderr.startswith("dfx-adapter: UnknownStatus: ")


@pytest.mark.parametrize("command", [("order", "first", "second"), ("orders",)])
@pytest.mark.parametrize(
    ("answer", "code", "error"),
    [
        (Body("<html></html>", content_type="text/html"), 3, "BadResponse"),
        (Body("no", status=503), 3, "ExchangeNotAvailable"),
        (Code(50000), 3, "ExchangeNotAvailable"),
        (Code(10007), 2, "PermissionDenied"),
    ],
)
def test_an_exchange_that_fails(run, account, command, answer, code, error):
    for endpoint in ("order", "order/history"):
        account.script(endpoint, answer, answer)
    result = run(*command)
    assert (result.exit_code, result.stdout) == (code, "")
    assert f"{error}: " in result.stderr
    assert "Traceback" not in result.stderr
    assert account.secret not in result.stderr


def test_nobody_there(run, account, monkeypatch):
    monkeypatch.setenv("DIGIFINEX_URL", "http://127.0.0.1:1/")
    result = run("order", "first", "second")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "NetworkError" in result.stderr


def test_wrong_credentials(run, account, ids, monkeypatch):
    monkeypatch.setenv("DIGIFINEX_SECRET", "another")
    result = run("order", "first")
    assert result.exit_code == 2
    assert "AuthenticationError" in result.stderr
    assert "another" not in result.stderr


@pytest.mark.parametrize("value", [None, ""])
def test_missing_credentials(run, account, monkeypatch, value):
    monkeypatch.delenv("DIGIFINEX_APIKEY")
    if value is None:
        monkeypatch.delenv("DIGIFINEX_SECRET")
    else:
        monkeypatch.setenv("DIGIFINEX_SECRET", value)
    result = run("orders")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "dfx-adapter: credentials missing in the environment: DIGIFINEX_APIKEY, DIGIFINEX_SECRET "
        "(see dfx-adapter orders --help)\n"
    )
    assert account.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://openapi.digifinex.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "https://",
        "http://[::1",
    ],
)
def test_credentials_are_not_sent_in_the_clear(run, account, monkeypatch, url):
    monkeypatch.setenv("DIGIFINEX_URL", url)
    result = run("orders")
    assert result.exit_code == 2
    assert "expected an https URL, or one of loopback" in result.stderr


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://example.com/", "https://example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_url_that_is_used(run, account, monkeypatch, mocker, url, given):
    client = mocker.Mock(requiredCredentials={})
    client.fetch_orders.return_value = []
    connect = mocker.patch("dfx_adapter.connect", return_value=client)
    monkeypatch.setenv("DIGIFINEX_URL", url)
    assert run("orders").exit_code == 0
    assert connect.call_args.args[1]["urls"] == {"api": {"rest": given}}


def test_another_exchange_has_its_own_names(run, monkeypatch):
    result = run("orders", "--exchange", "kraken")
    assert result.exit_code == 2
    assert "KRAKEN_APIKEY, KRAKEN_SECRET" in result.stderr
    monkeypatch.setenv("KRAKEN_URL", "http://127.0.0.1:1")
    result = run("orders", "--exchange", "kraken")
    assert result.exit_code == 2
    assert "KRAKEN_URL: only DIGIFINEX_URL is supported" in result.stderr


def test_an_exchange_that_nobody_serves(run):
    result = run("order", "1", "--exchange", "krakn")
    assert result.exit_code == 2
    assert "did you mean kraken?" in result.stderr


@pytest.fixture
def client(mocker):
    """An exchange object that can ask for one order at a time only."""
    client = mocker.Mock(requiredCredentials={"apiKey": False}, has={"fetchOrdersByIds": False})
    mocker.patch("dfx_adapter.connect", return_value=client)
    return client


def test_one_by_one_where_the_exchange_cannot_do_better(run, client):
    from dfx_adapter import errors

    order = {"id": "a", "amount": "0.10", "filled": "0.04", "timestamp": 0}
    client.fetch_order.side_effect = [order, errors.OrderNotFound("no b"), {**order, "id": "c"}]
    result = run("order", "a", "b", "c")
    assert result.exit_code == 1
    assert result.stderr == "dfx-adapter: b: OrderNotFound: no b\n"
    first, second = orders_of(result)
    assert (first["id"], first["remaining"], first["timestamp"]) == ("a", "0.06", None)
    assert second["id"] == "c"
    client.session.close.assert_called_once_with()


def test_nothing_is_asked_after_what_concerns_all(run, client):
    from dfx_adapter import errors

    client.fetch_order.side_effect = errors.named("NetworkError")("gone")
    result = run("--debug", "order", "a", "b")
    assert result.exit_code == 3
    assert client.fetch_order.call_count == 1
    assert result.stderr.startswith("Traceback")
    assert result.stderr.endswith("dfx-adapter: a: NetworkError: gone\n")


def test_all_ids_in_one_call_where_the_exchange_can(run, client):
    client.has = {"fetchOrdersByIds": True}
    client.fetch_orders_by_ids.return_value = []
    assert run("order", "a", "b", "a", "--market", "spot").exit_code == 0
    client.fetch_orders_by_ids.assert_called_once_with(["a", "b"], None, {"type": "spot"})
