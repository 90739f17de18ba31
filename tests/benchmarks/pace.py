"""Two or three ways to do one thing, timed in turn: what disturbs one disturbs the others as well.

pytest-benchmark times one function a test and pyperf one after the other, each in processes of its
own; a ratio of two such figures holds whatever the machine did in between. Here every round times
every side, and a ratio is the median of the ratios of the rounds. The clock and the number of calls
a sample are those of `timeit`, but the garbage collector stays on, as in a bot.
"""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from timeit import Timer

Side = Callable[[], object]
SHORTEST = 0.02  # seconds that a sample lasts at least


@dataclass(frozen=True)
class Paced:
    """Seconds a call, by side, in the order of the rounds."""

    samples: Mapping[str, list[float]]

    def seconds(self, side: str) -> float:
        """Return the median of one side."""
        return median(self.samples[side])

    def ratio(self, side: str, other: str) -> float:
        """Return how many times as long as another a side takes."""
        both = zip(self.samples[side], self.samples[other], strict=True)
        return median(one / two for one, two in both)

    def fastest(self, *sides: str) -> str:
        """Return the side of the least median."""
        return min(sides, key=self.seconds)


def pace(sides: Mapping[str, Side], rounds: int, *, waits: bool = False) -> Paced:
    """Time the sides in turn.

    Args:
        sides: what to call, by name.
        rounds: samples a side.
        waits: whether the sides wait for another process: then the time on the wall counts, and a
            sample is one call. Else it is processor time, which others on the machine hardly touch.
    """
    clock = perf_counter if waits else process_time
    timers = {
        name: Timer(side, "gc.enable()", clock, globals={"gc": gc}) for name, side in sides.items()
    }
    calls = {name: 1 if waits else _calls(timer) for name, timer in timers.items()}
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, timer in timers.items():
            if not waits:
                gc.collect()
            samples[name].append(timer.timeit(calls[name]) / calls[name])
    return Paced(samples)


def told(sides: Mapping[str, Callable[[], float]], rounds: int) -> Paced:
    """Ask the sides in turn for the seconds they took; for what a process tells of itself."""
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            samples[name].append(side())
    return Paced(samples)


def _calls(timer: Timer) -> int:
    """Return how many calls make a sample; a first short one is to warm up."""
    lasted = timer.timeit(1)
    if lasted < SHORTEST:
        lasted = timer.timeit(1)
    return max(1, round(SHORTEST / lasted))
