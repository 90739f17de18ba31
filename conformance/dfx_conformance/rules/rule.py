"""What a rule is, and what breaking one looks like."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["MUST", "SHOULD"]


class Rule(NamedTuple):
    """A numbered rule; its id is never reused."""

    id: str
    level: Level
    text: str
    source: str
    about: tuple[str, ...] = ()
    """Keys of an order, or facts of an error, that it speaks of: a wrong one is this rule's."""


class Area(NamedTuple):
    """Rules of one subject, under one prefix."""

    prefix: str
    title: str
    rules: tuple[Rule, ...]


class Problem(NamedTuple):
    """A rule that is broken, and how."""

    rule: Rule
    said: str
    got: object = None
    expected: object = None

    def __str__(self) -> str:
        return f"{self.rule.id} {self.rule.level}: {self.rule.text}: {self.said}"
