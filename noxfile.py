"""The same commands here and in CI: `nox` runs those named below, `nox -s bench` any other."""

from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "layers", "tests", "oldest"]
nox.options.default_venv_backend = "venv"


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and format."""
    session.install("ruff>=0.9")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, strictly."""
    session.install("-e", ".[dev]")
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Check that a layer imports only what is below it."""
    session.install("-e", ".[dev]")
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests with the newest dependencies, and measure what they reach."""
    session.install("-e", ".[test]")
    session.run("coverage", "run", "-m", "pytest", *session.posargs)
    session.run("coverage", "combine")
    session.run("coverage", "report")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure beside stock ccxt, and write tests/benchmarks/results and the README's table."""
    session.install("-e", ".[bench]")
    session.run("python", "tests/benchmarks", *(session.posargs or ["--write"]))


@nox.session
def oldest(session: nox.Session) -> None:
    """Run the tests with the oldest ccxt and pluggy that are promised."""
    session.install("-e", ".[test]", "ccxt==4.5.22", "pluggy==1.5.0")
    session.run("pytest", *session.posargs)


@nox.session
def bots(session: nox.Session) -> None:
    """Run the adapter inside every bot, each in an environment of its own: minutes, gigabytes."""
    session.run("python", "tests/bots/real/run.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz by coverage: `nox -s fuzz -- MINUTES`; what breaks is written to the session's tmp."""
    session.install("-e", ".[test]", "atheris>=3", "--only-binary", "atheris")
    minutes = float(session.posargs[0]) if session.posargs else 10
    kept = Path(session.create_tmp(), "kept")
    kept.mkdir(exist_ok=True)
    limits = [f"-max_total_time={60 * minutes:.0f}", "-max_len=20000", "-timeout=10"]
    found = [f"-artifact_prefix={kept.parent}/", "-print_final_stats=1"]
    session.run("python", "tests/fuzz/target.py", str(kept), "tests/fuzz/corpus", *limits, *found)


@nox.session
def soak(session: nox.Session) -> None:
    """Call with 200 tasks and 16 threads while the exchange fails: `nox -s soak -- MINUTES`."""
    session.install("-e", ".[test]")
    minutes = session.posargs[0] if session.posargs else "5"
    session.run("python", "-m", "tests.soak.soak", "--minutes", minutes, env={"PYTHONPATH": "."})
