"""What is written is JSON, or refused."""

from decimal import Decimal

import pytest

import dfx_adapter


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
@pytest.mark.parametrize("value", ["NaN", "-Infinity", "sNaN"])
@pytest.mark.parametrize(
    ("key", "wrap"), [("price", Decimal), ("info", lambda text: {"rows": [1, Decimal(text)]})]
)
def test_what_is_no_number_is_refused(run, mocker, real, tmp_path, format_, key, wrap, value):
    [order] = dfx_adapter.parse_orders("digifinex", real, number=Decimal)
    answers = [[], [order | {key: wrap(value)}]]  # the exchange is tried before any line
    mocker.patch("dfx_adapter.parse_orders", side_effect=answers)
    out = tmp_path / "out"
    result = run("map", "--format", format_, "--output", out, input=real)
    assert result.exit_code == 2
    assert result.stderr == (
        f"dfx-adapter: PluginError: order {order['id']!r}: {key}: {value} is no number\n"
    )
    assert value not in out.read_text()


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_a_text_may_say_what_it_likes(run, mocker, real, tmp_path, format_):
    [order] = dfx_adapter.parse_orders("digifinex", real, number=Decimal)
    mocker.patch("dfx_adapter.parse_orders", side_effect=[[], [order | {"id": "NaN Infinity"}]])
    assert run("map", "--format", format_, "--output", tmp_path / "out", input=real).exit_code == 0
    assert "NaN Infinity" in (tmp_path / "out").read_text()
