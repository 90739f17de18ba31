"""What a scenario is, and how one is written down: a function under `@scenarios.add(...)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dfx_conformance.profiles.wire.driver import Wire

Play = Callable[["Wire"], None]


class Scenario(NamedTuple):
    """A scenario; its title is the first line of the function's docstring."""

    id: str
    title: str
    rules: tuple[str, ...]
    capability: str
    play: Play


class Scenarios:
    """The scenarios of one module, in the sequence in which they stand there."""

    def __init__(self, capability: str) -> None:
        self._capability = capability
        self._all: list[Scenario] = []

    def __iter__(self) -> Iterator[Scenario]:
        return iter(self._all)

    def add(self, name: str, *rules: str, capability: str | None = None) -> Callable[[Play], Play]:
        """Write a function down as the scenario `wire/name`, which proves these rules."""

        def note(play: Play) -> Play:
            title = (play.__doc__ or "").partition("\n")[0].rstrip(".")
            self.put(name, title, rules, play, capability)
            return play

        return note

    def put(
        self,
        name: str,
        title: str,
        rules: tuple[str, ...],
        play: Play,
        capability: str | None = None,
    ) -> None:
        """Write down a scenario that is made of a row of a table."""
        self._all.append(
            Scenario(f"wire/{name}", title, rules, capability or self._capability, play)
        )
