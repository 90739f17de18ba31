"""The vectors: answers as bytes, and what must become of them.

They stand in `vectors/*.json`, one file an area; `vectors.schema.json` says what each key means.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from dfx_conformance import rules
from dfx_conformance.long_lists import long_lists
from dfx_conformance.subject import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

IMPLIED: Final = {
    "path": "ERR-020",
    "code": "ERR-014",
    "text": "ERR-015",
    "orders": "LIST-002",
    "warns": "MAP-034",
    "error": "ERR-016",
}
"""What a vector may ask for beside what it is about, and the rule which that is."""


class VectorError(ValueError):
    """A file of vectors is not what it should be; says which file, which id and what."""


class ExpectedError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The error that an answer must be."""

    class_: str = msgspec.field(name="class")
    not_: tuple[str, ...] = msgspec.field(name="not", default=())
    path: str | None = None
    code: str | int | None = None
    text: tuple[str, ...] = ()
    orders: tuple[dict[str, Any], ...] = ()


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer, or several of the same orders, with what they must give."""

    id: str
    title: str
    rules: tuple[str, ...]
    capability: str
    level: Literal["MUST", "SHOULD"]
    provenance: Literal["documented", "recorded", "derived"]
    source: str
    body: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    snapshots: tuple[msgspec.Raw, ...] = ()
    orders: tuple[Any, ...] | None = None
    error: ExpectedError | None = None
    warns: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """The answers, byte for byte: one, or the snapshots."""
        raw = self.snapshots if self.body is msgspec.UNSET else (self.body,)
        return tuple(_body(one) for one in raw)

    @property
    def expected(self) -> tuple[list[dict[str, Any]], ...]:
        """The orders of each answer; none where an error is expected."""
        if self.orders is None:
            return ()
        return tuple(map(list, self.orders)) if self.snapshots else (list(self.orders),)

    @property
    def all_rules(self) -> tuple[str, ...]:
        """The rules it proves, with those that follow from what it asks for."""
        asked = {name for name in IMPLIED if self.error and getattr(self.error, name, None)}
        asked |= {name for name in ("warns", "error") if getattr(self, name)}
        implied = (rule for name, rule in IMPLIED.items() if name in asked)
        return tuple(dict.fromkeys((*self.rules, *implied)))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str = msgspec.field(name="$schema")
    vectors: tuple[msgspec.Raw, ...]


class _Id(msgspec.Struct):
    id: str


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    text: str


_FILE: Final = msgspec.json.Decoder(_File)
_VECTOR: Final = msgspec.json.Decoder(Vector)
_ID: Final = msgspec.json.Decoder(_Id)
_TEXT: Final = msgspec.json.Decoder(_Text)


def load(files: Iterable[Path | Traversable] | None = None) -> tuple[Vector, ...]:
    """Load vectors: those of the suite, or of other files.

    Raises:
        VectorError: a file is not JSON or not of the form, a rule is unknown, an id comes twice.
    """
    return _own() if files is None else _load(list(files))


@lru_cache(maxsize=1)
def _own() -> tuple[Vector, ...]:
    folder = resources.files("dfx_conformance") / "vectors"
    files = folder.iterdir() if folder.is_dir() else ()
    named = (one for one in files if one.name.endswith(".json"))
    written = _load(sorted(named, key=lambda one: one.name))
    return (*written, *_decoded("long_lists", map(msgspec.Raw, long_lists())))


def _load(chosen: Iterable[Path | Traversable]) -> tuple[Vector, ...]:
    homes: dict[str, str] = {}
    loaded: list[Vector] = []
    for file in chosen:
        for vector in _read(file):
            if vector.id in homes:
                raise VectorError(f"{file.name}: {vector.id}: stands in {homes[vector.id]}, too")
            homes[vector.id] = file.name
            loaded.append(vector)
    return tuple(loaded)


def _read(file: Path | Traversable) -> Iterator[Vector]:
    try:
        raw = _FILE.decode(file.read_bytes()).vectors
    except msgspec.DecodeError as error:
        raise VectorError(f"{file.name}: {error}") from error
    yield from _decoded(file.name, raw)


def _decoded(name: str, raw: Iterable[msgspec.Raw]) -> Iterator[Vector]:
    for index, one in enumerate(raw):
        try:
            vector = _VECTOR.decode(one)
        except msgspec.DecodeError as error:
            raise VectorError(f"{name}: {_id_of(one, index)}: {error}") from error
        for fault in _faults(vector):
            raise VectorError(f"{name}: {vector.id}: {fault}")
        yield vector


def _id_of(raw: msgspec.Raw, index: int) -> str:
    try:
        return _ID.decode(raw).id
    except msgspec.DecodeError:
        return f"vector {index}"


def _faults(vector: Vector) -> Iterator[str]:
    """Say what the types alone do not: what contradicts itself, and what does not exist."""
    if (vector.body is msgspec.UNSET) is not bool(vector.snapshots):
        yield "give either body or snapshots"
    if (vector.orders is None) is (vector.error is None):
        yield "give either orders or error"
    if vector.snapshots and (vector.orders is None or len(vector.orders) != len(vector.snapshots)):
        yield "give one list of orders for each snapshot"
    nested = [isinstance(one, list) for one in vector.orders or ()]
    if any(nested) if not vector.snapshots else not all(nested):
        yield "orders is a list of orders, and of snapshots a list of such lists"
    if vector.capability not in CAPABILITIES:
        yield f"capability {vector.capability!r} is none of {', '.join(CAPABILITIES)}"
    if not vector.rules:
        yield "it proves no rule"
    known = {rule.id for rule in rules.RULES}
    for rule in {*vector.rules, *vector.exempt} - known:
        yield f"there is no rule {rule}"


def _body(raw: msgspec.Raw) -> bytes:
    try:
        return _TEXT.decode(raw).text.encode(errors="surrogatepass")
    except msgspec.ValidationError:
        return msgspec.json.format(bytes(raw), indent=-1)
