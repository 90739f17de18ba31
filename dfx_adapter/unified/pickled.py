"""Pickling objects of classes that no module has by name, as ccxt's own objects are pickled.

A class that is made at run time remembers how; its objects are pickled with that, and another
process makes the class again. Copies in the same process keep the very class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

_RECIPE: Final = "_dfx_recipe"
# What was made, of what: as long as somebody has the class, or an object of it.
_made: Final[WeakValueDictionary[tuple[Any, ...], type]] = WeakValueDictionary()


class Recipe:
    """How a class was made: by a function that its module has by name, of arguments that pickle."""

    def __init__(self, cls: type, make: Callable[..., type], args: tuple[Any, ...]) -> None:
        self.cls = cls
        self._made_by = (make, args)

    def __deepcopy__(self, memo: dict[int, Any]) -> Recipe:
        """Stay the same: a copy of an object is of its class."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as what the class is made of."""
        return _made_again, self._made_by


def remember(cls: type, make: Callable[..., type], *args: Any) -> type:
    """Let the objects of a class be pickled by how it was made, `make(*args)`; return the class."""
    setattr(cls, _RECIPE, Recipe(cls, make, args))
    _made[make, args] = cls
    cls.__reduce_ex__ = _reduced  # type: ignore[method-assign,assignment]
    return cls


def _reduced(self: Any, protocol: Any) -> Any:
    recipe = vars(type(self)).get(_RECIPE)
    reduced: Any = object.__reduce_ex__(self, max(2, protocol))
    # A subclass that a bot has made of such a class has a name of its own to be pickled by.
    return reduced if recipe is None else (_empty, (recipe,), *reduced[2:])


def _made_again(make: Callable[..., type], args: tuple[Any, ...]) -> Recipe:
    recipe: Recipe = vars(_made.get((make, args)) or make(*args))[_RECIPE]
    return recipe


def _empty(recipe: Recipe) -> Any:
    return object.__new__(recipe.cls)
