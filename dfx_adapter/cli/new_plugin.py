"""`dfx-adapter new-plugin`: a package with a mapping for an exchange, its test, and a guide."""

import keyword
import re
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dfx_adapter.cli.failures import OK, UsageFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME: Final = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")  # of a distribution (PEP 508)
# Template -> what it becomes.
_FILES: Final = {
    "pyproject.toml.in": "pyproject.toml",
    "README.md.in": "README.md",
    "module.py.in": "$module.py",
    "test_module.py.in": "test_$module.py",
    "cases.json.in": "cases.json",
}


def new_plugin(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the package, as my-mexc.")],
    *,
    exchange: Annotated[str, typer.Option(help="The exchange: an id of ccxt's.")],
    into: Annotated[Path, typer.Option(help="The directory to make it in.")] = Path(),
) -> int:
    """Write a package that maps the orders of an exchange: a directory NAME with all that it needs.

    It installs, passes its test and conforms as it is, with rows that are made up; its README says
    what to change, and in what order.

    Exit codes: 0 written; 2 the name or the exchange cannot be, or the directory is there already.
    """
    module = name.lower().replace("-", "_").replace(".", "_")
    _check_name(name, module)
    title = _title_of(exchange)
    directory = into / name
    if directory.exists():
        raise UsageFailure(f"{directory} is there already")
    directory.mkdir(parents=True)
    values = {"name": name, "module": module, "exchange": exchange, "title": title}
    for template, target in _FILES.items():
        text = files("dfx_adapter.cli").joinpath("templates", template).read_text("utf-8")
        directory.joinpath(_filled(target, values)).write_text(_filled(text, values), "utf-8")
    typer.echo(f"{directory}: begin with its README.md")
    return OK


def _filled(text: str, values: "Mapping[str, str]") -> str:
    return Template(text).substitute(values)


def _check_name(name: str, module: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageFailure(f"NAME: expected letters, digits and dashes, found {name!r}")
    if not module.isidentifier() or keyword.iskeyword(module):
        raise UsageFailure(f"NAME: {module!r} can be no module; begin with a letter")
    if module in sys.stdlib_module_names or find_spec(module) is not None:
        raise UsageFailure(f"NAME: there is a module {module!r} already; take another name")


def _title_of(exchange_id: str) -> str:
    from dfx_adapter.host.venues import VENUES  # noqa: PLC0415  # only what a command needs

    if exchange_id in VENUES:
        reason = "is mapped already; its statuses can be overridden by a hook"
        raise UsageFailure(f"{exchange_id} {reason}")
    import ccxt  # noqa: PLC0415  # only what a command needs

    from dfx_adapter import AdapterHost  # noqa: PLC0415  # only what a command needs

    AdapterHost(entry_points=False).context(exchange_id)  # an id that nobody has is an error
    return str(getattr(ccxt, exchange_id)().name)
