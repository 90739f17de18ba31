"""What `options["limiter"]` may say, and what is told where it cannot be."""

import ccxt
import pytest

from dfx_adapter import AdapterHost
from dfx_adapter.limits import address
from dfx_adapter.limits.address import Limit

DEFAULT = Limit(1200, 60, 2)


def test_the_default_needs_nothing():
    assert address.parse("process", DEFAULT) is None


def test_a_file_and_its_limit():
    found = address.parse("file:///var/lib/my%20bots/l?budget=600&per=0.5&processes=4", DEFAULT)
    assert found == ("file", "/var/lib/my bots/l", "file:///var/lib/my%20bots/l", found.limit)
    assert found.limit == Limit(budget=600, per=0.5, weight=2, processes=4)


def test_one_machine_has_one_file(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = address.parse("machine?weight=1", DEFAULT)
    assert found.url == f"{tmp_path}/.local/state/dfx-adapter/limiter.sqlite3"
    assert found.limit == Limit(1200, 60, 1)


def test_redis_keeps_its_own_parameters_and_its_password_to_itself():
    found = address.parse("rediss://me:pass@10.0.0.1:6380/2?budget=90&ssl_cert_reqs=none", DEFAULT)
    assert found.url == "rediss://me:pass@10.0.0.1:6380/2?ssl_cert_reqs=none"
    assert found.shown == "rediss://10.0.0.1:6380/2"
    assert found.limit.budget == 90


WRONG = [
    (7, "expected 'process'"),
    ("", "expected 'process'"),
    ("http://me:pass@host", "found 'http'"),
    ("file://host/l", "an absolute path"),
    ("file:///l?what=1", "no other parameters"),
    ("machine?budget=lots", "budget: expected a whole number above 0, found 'lots'"),
    ("machine?per=0", "per: expected seconds above 0"),
    ("machine?per=inf", "per: expected seconds above 0"),
    ("machine?budget=19", "budget: expected 20 or more, found 19"),
]


@pytest.mark.parametrize(("option", "told"), WRONG)
def test_what_cannot_be_is_refused_when_the_object_is_built(connect, simulator, option, told):
    with pytest.raises(ccxt.BadRequest, match=r"options\['limiter'\]") as caught:
        connect(simulator, enableRateLimit=True, options={"limiter": option})
    assert told in str(caught.value)
    assert "pass" not in str(caught.value)


def test_a_missing_package_is_told_with_its_extra(mocker):
    mocker.patch.object(address, "find_spec", return_value=None)
    with pytest.raises(ValueError, match=r"redis: pip install 'dfx-adapter\[shared\]'"):
        address.parse("redis://localhost", DEFAULT)


def test_without_ccxts_throttle_there_is_nothing_to_share():
    config = {"enableRateLimit": False, "options": {"limiter": "machine"}}
    with pytest.raises(ccxt.BadRequest, match="enableRateLimit"):
        AdapterHost(entry_points=False).connect("digifinex", config)


def test_another_exchange_has_none():
    with pytest.raises(ccxt.NotSupported, match="only DigiFinex"):
        AdapterHost(entry_points=False).connect("kraken", {"options": {"limiter": "machine"}})
