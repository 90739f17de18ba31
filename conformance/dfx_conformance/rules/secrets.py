"""SEC: what nobody but the exchange may see."""

from __future__ import annotations

from typing import Final

from dfx_conformance.rules.rule import Rule

RULES: Final = (
    Rule(
        "SEC-001",
        "MUST",
        "no error shows the key, the secret or a signature, even where the answer repeats them",
        "DESIGN: errors are logged and pasted into issues",
    ),
    Rule(
        "SEC-002",
        "MUST",
        "no log shows the key, the secret or a signature, at DEBUG and with verbose, too",
        "DESIGN: a signed GET can be replayed; V3: the signature carries no time",
    ),
    Rule(
        "SEC-003",
        "MUST",
        "the secret is never sent, and repr and str of the exchange object do not show it",
        'V3 "Signature Algorithm"',
    ),
)
