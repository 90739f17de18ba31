"""Pickling objects of classes that no module has by name, as ccxt's own objects are pickled.

A class that is made at run time remembers how; its objects are pickled with that, and another
process makes the class again. Copies in the same process keep the very class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

_RECIPE: Final = "_dfx_recipe"
# What was made here, by a name that no other process gives: as long as somebody has the class.
_made: Final[WeakValueDictionary[str, Recipe]] = WeakValueDictionary()


class Recipe:
    """How a class was made: by a function that its module has by name, of arguments that pickle."""

    def __init__(self, cls: type, make: Callable[..., type], args: tuple[Any, ...]) -> None:
        self.cls = cls
        self._made_by = (make, args)
        self._name = uuid4().hex
        _made[self._name] = self

    def __deepcopy__(self, memo: dict[int, Any]) -> Recipe:
        """Stay the same: a copy of an object is of its class."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as what the class is made of."""
        return _made_again, (self._name, *self._made_by)


def remember(cls: type, make: Callable[..., type], *args: Any) -> type:
    """Let the objects of a class be pickled by how it was made, `make(*args)`; return the class."""
    setattr(cls, _RECIPE, Recipe(cls, make, args))
    cls.__reduce_ex__ = _reduced  # type: ignore[method-assign,assignment]
    return cls


def remember_over(cls: type, make: Callable[[Any], type], base: Any) -> type:
    """Remember a class that is made over another one, which may itself be made so."""
    return remember(cls, _made_over, make, vars(base).get(_RECIPE, base))


def _made_over(make: Callable[[Any], type], base: Any) -> type:
    return make(base.cls if isinstance(base, Recipe) else base)


def _reduced(self: Any, protocol: Any) -> Any:
    recipe = vars(type(self)).get(_RECIPE)
    reduced: Any = object.__reduce_ex__(self, max(2, protocol))
    # A subclass that a bot has made of such a class has a name of its own to be pickled by.
    return reduced if recipe is None else (_empty, (recipe,), *reduced[2:])


def _made_again(name: str, make: Callable[..., type], args: tuple[Any, ...]) -> Recipe:
    recipe = _made.get(name)
    if recipe is None:
        recipe = vars(make(*args))[_RECIPE]
        _made[name] = recipe
    return recipe


def _empty(recipe: Recipe) -> Any:
    return object.__new__(recipe.cls)
