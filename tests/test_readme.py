"""README and guides tell the truth: examples run, tables are complete, links lead somewhere."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dfx_adapter import hookspecs
from dfx_adapter.digifinex import options
from dfx_adapter.simulator import Simulator
from tests.bots.real.run import BOTS, PASSES, Report, Result
from tests.kraken import ORDER_ID, kraken

ROOT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted(
        path
        for pattern in ("*.md", "dfx_adapter/**/*.md", "conformance/*.md", "tests/**/*.md")
        for path in ROOT.glob(pattern)
    )
}
README = PAGES["README.md"]
BOTS_GUIDE = PAGES["dfx_adapter/bots/README.md"]
DIGIFINEX_GUIDE = PAGES["dfx_adapter/digifinex/README.md"]
PLUGINS_GUIDE = PAGES["dfx_adapter/host/README.md"]
SIMULATOR_GUIDE = PAGES["dfx_adapter/simulator/README.md"]


def blocks(language, page=README):
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def table(page, head):
    """The rows of the table whose first line begins so."""
    return page.partition(f"\n| {head}")[2].partition("\n\n")[0].splitlines()[2:]


def run(code, path=()):
    paths = os.pathsep.join([str(ROOT), *map(str, path), *sys.path])
    environment = {**os.environ, "PYTHONPATH": paths}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True)


@pytest.mark.parametrize("page", [README, SIMULATOR_GUIDE], ids=["ten lines", "simulator"])
def test_the_first_example_prints_what_stands_below_it(page):
    assert run(blocks("python", page)[0]).stdout == blocks("text", page)[0]


def test_the_readme_is_short():
    assert len(README.encode()) < 10_000


@pytest.mark.parametrize("page", PAGES)
def test_every_python_block_compiles(page):
    for code in blocks("python", PAGES[page]):
        compile(code, page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_or_a_heading(page):
    text = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://")):
            continue
        name, _, heading = target.partition("#")
        path = (ROOT / page).parent.joinpath(name).resolve() if name else ROOT / page
        assert path.exists(), target
        if heading:
            assert heading in anchors(path.read_text(encoding="utf-8")), target


def anchors(text):
    """The names that a forge gives to headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def test_every_guide_is_in_the_readme_and_opens_with_what_a_minute_gives():
    guides = [page for page in PAGES if page.endswith("/README.md")]
    assert {page for page in guides if f"]({page})" not in README} == set()
    ours = [page for page in guides if not page.startswith(("conformance/", "tests/README"))]
    assert {page for page in ours if "a minute" not in PAGES[page][:900]} == set()


@pytest.fixture
def switch(tmp_path):
    """Run the script of "Switching exchanges"."""
    script = tmp_path / "my_orders.py"
    (source,) = (block for block in blocks("python") if f"# {script.name}" in block)
    script.write_text(source, encoding="utf-8")

    def _switch(name, config, *ids):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        command = [sys.executable, "-W", "error", script, name, path, *ids]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    return _switch


TOLD = ("status", "side", "price", "amount", "filled", "remaining", "cost", "average")


def test_one_script_gives_the_same_keys_of_two_exchanges(switch):
    with Simulator() as simulator:
        order_id = simulator.place("BTC_USDT", "buy", price=9500, amount="0.4")
        simulator.fill(order_id, "0.1", "9000")
        (ours,) = switch("digifinex", simulator.ccxt_config(), order_id)
    with kraken() as config:
        (other,) = switch("kraken", config, ORDER_ID)
    assert ours.keys() == other.keys()
    assert [ours[key] for key in TOLD] == ["open", "buy", 9500, 0.4, 0.1, 0.3, 900, 9000]
    assert [other[key] for key in TOLD] == ["open", "buy", 70000, 4e-4, 1e-4, 3e-4, 7, 70000]
    assert other["fee"]["cost"] == 0.0175


def test_every_bot_has_a_row_as_it_is_checked():
    assert table(BOTS_GUIDE, "bot | how to register |") == [
        f"| {bot.name} | {bot.register} | {bot.improves} | {bot.version} |" for bot in BOTS
    ]


def test_the_results_in_the_bots_are_those_that_ci_holds_true():
    reports = [
        Report(
            bot,
            bot.pins[-1].partition("==")[2],
            {
                "stock": {name: Result(word == PASSES, "") for name, word in bot.checks.items()},
                "ours": {name: Result(ok=True, saw="") for name in bot.checks},
            },
        )
        for bot in BOTS
    ]
    assert table(BOTS_GUIDE, "bot | ccxt | stock passes |") == [
        report.summary() for report in reports
    ]


@pytest.fixture
def installed_plugin(tmp_path):
    """The plugin of the guide as an installer lays it down."""
    source = next(block for block in blocks("python", PLUGINS_GUIDE) if "# dfx_mirror.py" in block)
    project = tomllib.loads(blocks("toml", PLUGINS_GUIDE)[-1])["project"]
    tmp_path.joinpath("dfx_mirror.py").write_text(source, encoding="utf-8")
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    info.joinpath("METADATA").write_text(metadata, encoding="utf-8")
    for group, entries in project["entry-points"].items():
        lines = [f"[{group}]", *(f"{name} = {module}" for name, module in entries.items())]
        info.joinpath("entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


ROW = {
    "symbol": "BTC_USDT",
    "order_id": "x",
    "created_date": 1562303547,
    "finished_date": 1562303600,
    "price": 1,
    "amount": 1,
    "cash_amount": 0,
    "executed_amount": 0,
    "avg_price": 0,
    "status": 3,
    "type": "buy",
    "kind": "spot",
}


def test_the_plugin_overrides_one_status_and_adds_one_exchange(installed_plugin):
    code = f"""
import dfx_adapter
print(dfx_adapter.parse_orders("digifinex", [{ROW}])[0]["status"])
print(dfx_adapter.connect("digifinex-vip").urls["api"]["rest"])
[mirror] = [each for each in dfx_adapter.AdapterHost().plugins if each.origin == "entry point"]
print(mirror.name, mirror.distribution, mirror.status, mirror.exchanges)
"""
    assert run(code, [installed_plugin]).stdout.splitlines() == [
        "expired",
        "https://openapi.digifinex.vip",
        "mirror dfx-mirror 1.0 active ('digifinex-vip',)",
    ]


def test_without_the_plugin_the_status_is_the_documented_one():
    code = f"import dfx_adapter; print(dfx_adapter.parse_orders('digifinex', [{ROW}])[0]['status'])"
    assert run(code).stdout == "canceled\n"


def test_every_hook_has_a_row_with_its_arguments():
    documented = dict(re.findall(r"^\| `(dfx_\w+)\((.*?)\)` \|", PLUGINS_GUIDE, re.MULTILINE))
    hooks = {
        name: ", ".join(inspect.signature(hook).parameters)
        for name, hook in vars(hookspecs).items()
        if name.startswith("dfx_")
    }
    assert documented == hooks


def as_read(default):
    return "none" if default is None else f"`{default!r}`"


def test_the_options_are_those_of_the_table():
    assert table(DIGIFINEX_GUIDE, "option | default |") == [
        f"| `{row.name}` | {as_read(row.default)} | {row.expected} | {row.meaning} |"
        for row in options.ROWS
    ]


def test_every_documented_command_exists():
    help_text = run(
        "from dfx_adapter.__main__ import main; import sys; sys.argv[1:]=['-h']; main()"
    )
    documented = set(re.findall(r"^    dfx-adapter ([\w-]+)", README, re.MULTILINE))
    assert documented == {
        *("demo", "map", "new-plugin", "order", "orders", "plugins", "run", "simulate"),
    }
    assert all(command in help_text.stdout for command in documented)
