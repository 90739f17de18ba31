"""Which values `options["limiter"]` takes, and the message where a value cannot be."""

import ccxt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfx_adapter import AdapterHost
from dfx_adapter.limits import address
from dfx_adapter.limits.address import Limit

DEFAULT = Limit(1200, 60, 2)


def test_the_default_needs_nothing():
    assert address.parse("process", DEFAULT) is None


def test_a_file_and_its_limit():
    found = address.parse("file:///var/lib/my%20bots/l?budget=600&per=0.5&processes=4", DEFAULT)
    assert found[:3] == ("file", "/var/lib/my bots/l", "file:///var/lib/my%20bots/l")
    assert found.limit == Limit(budget=600, per=0.5, weight=2, processes=4)


def test_one_machine_has_one_file(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    found = address.parse("machine?weight=1", DEFAULT)
    assert found.url == f"{tmp_path}/.local/state/dfx-adapter/limiter.sqlite3"
    assert found.limit == Limit(1200, 60, 1)


def test_redis_keeps_its_own_parameters_and_its_password_to_itself():
    found = address.parse("rediss://me:pass@10.0.0.1:6380/2?budget=90&ssl_cert_reqs=none", DEFAULT)
    assert found.url == "rediss://me:pass@10.0.0.1:6380/2?ssl_cert_reqs=none"
    assert found.label == "rediss://10.0.0.1:6380/2"
    assert found.limit.budget == 90
    assert found.secrets == ("pass",)


@pytest.mark.parametrize(
    ("option", "label", "secrets"),
    [
        ("redis://", "redis://", ()),
        ("redis://[::1]:6379/0", "redis://[::1]:6379/0", ()),
        ("redis://:p%2Fss@bots_redis", "redis://bots_redis", {"p%2Fss", "p/ss"}),
        ("redis://h?password=secret", "redis://h", {"secret"}),
        ("unix://me:pass@/run/redis.sock?db=1", "unix:///run/redis.sock", {"pass"}),
    ],
)
def test_the_label_of_an_address(option, label, secrets):
    found = address.parse(option, DEFAULT)
    assert (found.label, set(found.secrets)) == (label, set(secrets))


def test_no_home_is_no_machine(mocker):
    mocker.patch.object(address.Path, "home", side_effect=RuntimeError("no home"))
    with pytest.raises(ValueError, match="name a file"):
        address.parse("machine", DEFAULT)


WRONG = [
    (7, "expected 'process'"),
    ("", "expected 'process'"),
    ("http://me:sesame@host", "found 'http'"),
    ("file://host/l", "an absolute path"),
    ("file:///l?what=1", "no other parameters"),
    (
        "machine?budget=lots",
        "budget: expected a whole number above 0, at most 1000000000, found 'lots'",
    ),
    ("machine?per=0", "per: expected seconds above 0"),
    ("machine?per=inf", "per: expected seconds above 0"),
    ("machine?per=1e300", "per: expected seconds above 0, at most 86400"),
    (f"machine?budget={'9' * 400}", "budget: expected a whole number above 0"),
    ("machine?budget=19", "budget: expected 20 or more, found 19"),
    ("file:///", "the path of a file"),
    ("file:///l%00", "the path of a file"),
    # A password with a character that is not encoded: none of it is repeated.
    ("redis://:sesame/word@host", "%2F"),
    ("redis://:sesame/word@host:6379/0", "%2F"),
    ("redis://:1sesame#word@host", "%23"),
    ("redis://:1234?sesame@host/0", "%3F"),
    ("redis://:sesame", "expected redis://"),
    ("redis://host:sesame", "expected redis://"),
    ("redis://me:sesame@[host", "expected redis://"),
    ("redis://me:sesame@host:port", "expected redis://"),
    ("redis://me:sesame@host:123456", "expected redis://"),
    ("redis://me:sesame@ho st", "expected redis://"),
    ("redis://me:sesame@host/sesame", "expected redis://"),
    ("redis://me:sesame\N{CARE OF}@host", "expected redis://"),
    ("redis:/:sesame@host", "expected 'process'"),
    ("redis:sesame@host", "expected 'process'"),
    (":sesame@host", "expected 'process'"),
    ("unix://:pa/sesame@/tmp/socket", "expected unix://"),
    ("unix://host/sesame", "expected unix://"),
    # What redis-py does not know, or cannot read.
    ("redis://me:sesame@host?foo=sesame", "parameters that redis-py"),
    ("redis://me:sesame@host?socket_timeout=sesame", "parameters that redis-py"),
    ("redis://me:sesame@host?db=sesame", "parameters that redis-py"),
]


@pytest.mark.parametrize(("option", "message"), WRONG)
def test_what_cannot_be_is_refused_when_the_object_is_built(connect, simulator, option, message):
    with pytest.raises(ccxt.BadRequest, match=r"options\['limiter'\]") as caught:
        connect(simulator, enableRateLimit=True, options={"limiter": option})
    assert message in str(caught.value)
    assert "sesame" not in str(caught.value)


@given(st.text(st.sampled_from("redis:/@?#[]0a% \\\0\N{CARE OF}="), max_size=12))
def test_whatever_the_password_no_message_repeats_it(word):
    for option in (f"redis://me:{word}sesame@host/0", f"redis://{word}sesame@host/0"):
        try:
            found = address.parse(option, DEFAULT)
        except ValueError as error:
            repeated = str(error)
        else:
            repeated = found.label
        assert "sesame" not in repeated


def test_a_missing_package_is_named_with_its_extra(mocker):
    mocker.patch.object(address, "find_spec", return_value=None)
    with pytest.raises(ValueError, match=r"redis: pip install 'dfx-adapter\[shared\]'"):
        address.parse("redis://localhost", DEFAULT)


def test_without_ccxts_throttle_there_is_nothing_to_share():
    config = {"enableRateLimit": False, "options": {"limiter": "machine"}}
    with pytest.raises(ccxt.BadRequest, match="enableRateLimit"):
        AdapterHost(entry_points=False).connect("digifinex", config)


def test_another_exchange_has_none():
    with pytest.raises(ccxt.NotSupported, match="no budget that processes can share"):
        AdapterHost(entry_points=False).connect("kraken", {"options": {"limiter": "machine"}})
