"""Python processes of our own, started as a user's are: compiled modules are kept and used."""

import os
import subprocess
import sys

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def run(*arguments: str) -> str:
    """Run Python to its end and return what it printed."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    return done.stdout
