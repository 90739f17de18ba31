"""The same commands here and in CI: `nox` runs those named below, `nox -s bench` any other."""

from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "layers", "tests", "long", "newest", "lowest", "pythons"]
nox.options.default_venv_backend = "venv"

KNOWN_GOOD = ("-c", "tests/known-good.txt")
PARALLEL = ("-n", "4", "--dist", "worksteal")  # more than cores: many tests wait for a process
# What a release of somebody else can break: everything that touches ccxt, pluggy, msgspec, typer.
OUTSIDE = ("tests/core", "tests/exchange", "tests/host", "tests/cli")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and spelling."""
    session.install(*KNOWN_GOOD, "ruff", "codespell")
    session.run("codespell")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly, by two checkers; and what they make of users' programs."""
    session.install(*KNOWN_GOOD, "-e", ".[dev]")
    session.run("mypy")
    session.run("pyright")
    session.run("pytest", "tests/typing")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that a layer imports only what is below it."""
    session.install(*KNOWN_GOOD, "-e", ".[dev]")
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests with the known-good versions, and measure what they reach."""
    session.install(*KNOWN_GOOD, "-e", ".[test]")
    session.run("coverage", "run", "-m", "pytest", *(session.posargs or PARALLEL))
    session.run("coverage", "combine")
    session.run("coverage", "report")


@nox.session
def long(session: nox.Session) -> None:
    """Run the tests that the others leave out: soaks, processes, a cluster, stock ccxt's report."""
    session.install(*KNOWN_GOOD, "-e", ".[test]")
    session.run("pytest", "-m", "long", "-n", "2", "--dist", "loadfile", *session.posargs)


@nox.session
def newest(session: nox.Session) -> None:
    """Run the tests of all that others can break with the newest dependencies."""
    session.install("--upgrade", "-e", ".[test]")
    session.run("pytest", *(session.posargs or (*PARALLEL, *OUTSIDE)))


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the same tests with all dependencies and extras at their lower bounds."""
    session.install("uv")  # pip knows no lowest
    session.run("uv", "pip", "install", "--resolution", "lowest-direct", "-e", ".[dev,bench]")
    session.run("pytest", *(session.posargs or (*PARALLEL, *OUTSIDE)))


@nox.session(python=["3.12", "3.13", "3.14"])
def pythons(session: nox.Session) -> None:
    """Run the same tests with the known-good versions on other Pythons."""
    session.install(*KNOWN_GOOD, "-e", ".[test]")
    session.run("pytest", *(session.posargs or (*PARALLEL, *OUTSIDE)))


@nox.session
def known_good(session: nox.Session) -> None:
    """Renew tests/known-good.txt: the newest of everything, for every Python from 3.11 on."""
    session.install("uv")
    command = "uv pip compile -q --universal --python-version 3.11 --upgrade --all-extras"
    told = ["--no-annotate", "--custom-compile-command", "nox -s known_good"]
    session.run(*command.split(), *told, "pyproject.toml", "-o", "tests/known-good.txt")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure beside stock ccxt, and write tests/benchmarks/results and the table of its README."""
    session.install(*KNOWN_GOOD, "-e", ".[bench]")
    session.run("python", "tests/benchmarks", *(session.posargs or ["--write"]))


@nox.session
def bots(session: nox.Session) -> None:
    """Run the adapter inside every bot, each in an environment of its own: minutes, gigabytes."""
    session.run("python", "tests/bots/real/run.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz by coverage: `nox -s fuzz -- MINUTES`; what breaks is written to the session's tmp."""
    session.install(*KNOWN_GOOD, "-e", ".[test]", "atheris>=3", "--only-binary", "atheris")
    minutes = float(session.posargs[0]) if session.posargs else 10
    kept = Path(session.create_tmp(), "kept")
    kept.mkdir(exist_ok=True)
    limits = [f"-max_total_time={60 * minutes:.0f}", "-max_len=20000", "-timeout=10"]
    found = [f"-artifact_prefix={kept.parent}/", "-print_final_stats=1"]
    session.run("python", "tests/fuzz/target.py", str(kept), "tests/fuzz/corpus", *limits, *found)


@nox.session
def soak(session: nox.Session) -> None:
    """Call with 200 tasks and 16 threads while the exchange fails: `nox -s soak -- MINUTES`."""
    session.install(*KNOWN_GOOD, "-e", ".[test]")
    minutes = session.posargs[0] if session.posargs else "5"
    session.run("python", "-m", "tests.soak.soak", "--minutes", minutes, env={"PYTHONPATH": "."})
