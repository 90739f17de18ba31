"""What all commands share: help, version, errors in a line, exit codes."""

import logging

import pytest

import dfx_adapter
from dfx_adapter.cli import failures

COMMANDS = ("demo", "map", "order", "orders", "plugins", "simulate")


def test_version(run):
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"dfx-adapter {dfx_adapter.__version__}\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_command_and_the_exit_codes(run, option):
    result = run(option)
    assert result.exit_code == 0
    assert [name for name in COMMANDS if f"  {name} " in result.stdout] == list(COMMANDS)
    assert "Exit codes: 0" in result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_its_exit_codes(run, command):
    result = run(command, "-h")
    assert result.exit_code == 0
    assert "Exit codes: 0" in result.stdout


def test_help_imports_nothing_that_is_slow(spawn):
    code = """
import sys
from dfx_adapter.__main__ import main
sys.argv = ["dfx-adapter", "--help"]
assert main() == 0
slow = {"ccxt", "aiohttp", "requests", "dfx_adapter.simulator"}
print(sorted(slow & set(sys.modules)), file=sys.stderr)
"""
    done = spawn(code=code)
    assert (done.returncode, done.stderr) == (0, b"[]\n")
    assert done.stdout.startswith(b"Usage: dfx-adapter")


def test_without_a_command_the_help_is_printed(run):
    result = run()
    assert "Usage: dfx-adapter [OPTIONS] COMMAND" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "args",
    [("nope",), ("map", "--format", "xml"), ("order",), ("orders", "--limit", "0"), ("--nope",)],
)
def test_a_usage_error_is_one_line(run, args):
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("dfx-adapter: ")
    assert line.endswith("--help)")


def test_what_nobody_expected_is_one_line_and_called_a_bug(run, mocker):
    mocker.patch("dfx_adapter.AdapterHost", side_effect=ZeroDivisionError("one\ntwo"))
    result = run("plugins")
    assert (result.exit_code, result.stdout) == (70, "")
    expected = "dfx-adapter: ZeroDivisionError: one two (this is a bug; --debug shows where)\n"
    assert result.stderr == expected


def test_debug_shows_where(run, mocker):
    mocker.patch("dfx_adapter.AdapterHost", side_effect=ZeroDivisionError("why"))
    result = run("--debug", "plugins")
    assert result.exit_code == 70
    assert result.stderr.startswith("Traceback (most recent call last):\n")
    assert result.stderr.splitlines()[-1].startswith("dfx-adapter: ZeroDivisionError: why")


@pytest.mark.parametrize("debug", [True, False])
def test_what_is_logged_is_a_line(run, mocker, debug):
    def host():
        error = KeyError("x")
        logging.getLogger("dfx_adapter").error("an observer\nfailed", exc_info=error)
        raise failures.UsageFailure("enough")

    mocker.patch("dfx_adapter.AdapterHost", side_effect=host)
    result = run(*["--debug"] * debug, "plugins")
    lines = result.stderr.splitlines()
    assert lines[-2].startswith("dfx-adapter: error: an observer failed: KeyError: 'x'")
    assert lines[-1] == "dfx-adapter: enough (see dfx-adapter plugins --help)"
    assert len(lines) == 2 or debug


def test_the_log_is_left_as_it_was(run):
    before = list(logging.getLogger("dfx_adapter").handlers)
    run("plugins")
    assert logging.getLogger("dfx_adapter").handlers == before


@pytest.mark.parametrize("name", ["typer", "rich"])
def test_without_the_extra_one_line_says_how_to_get_it(spawn, name):
    code = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {name!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
from dfx_adapter.__main__ import main
sys.exit(main())
"""
    done = spawn(code=code)
    expected = b"dfx-adapter: the command line needs: pip install 'dfx-adapter[cli]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", expected)


def test_another_missing_module_is_no_matter_of_the_extra(spawn):
    code = """
import sys
sys.modules["dfx_adapter.hookspecs"] = None
from dfx_adapter.__main__ import main
main()
"""
    done = spawn(code=code)
    assert done.returncode == 1
    assert b"pip install" not in done.stderr


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("OrderNotFound", 1),
        ("InvalidOrder", 1),
        ("BadSymbol", 1),
        ("UnknownStatus", 1),
        ("AuthenticationError", 2),
        ("PermissionDenied", 2),
        ("UnknownExchange", 2),
        ("NetworkError", 3),
        ("RateLimited", 3),
        ("BadResponse", 3),
        ("ExchangeError", 3),
    ],
)
def test_exit_codes(name, code):
    from dfx_adapter import errors

    assert failures.exit_code(errors.named(name)("why")) == code


def test_a_file_that_is_not_there(run, tmp_path):
    result = run("map", tmp_path / "none.json")
    assert result.exit_code == 2
    assert result.stderr == f"dfx-adapter: {tmp_path}/none.json: No such file or directory\n"


def test_a_long_message_is_cut():
    assert failures.one_line("x" * 600) == "x" * 500 + "..."
