"""Two or three ways to do one thing, timed in turn: what disturbs one disturbs the others as well.

pyperf keeps the samples, works the medians out and writes them for its own commands. Its runner is
not used: it times one function after the other, each in processes of its own, and a ratio of two
such figures holds whatever the machine did in between. Here every round times every side, and a
ratio is the median of the ratios of the rounds. The clock and the number of calls a sample are
those of `timeit`, but the garbage collector stays on, as in a bot.
"""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter, process_time
from timeit import Timer

from pyperf import Benchmark, Run

Side = Callable[[], object]
SHORTEST = 0.02  # seconds that a sample lasts at least


class Paced:
    """Sides and their samples: seconds a call, in the order of the rounds."""

    def __init__(self, samples: Mapping[str, list[float]]) -> None:
        self.sides = {side: _benchmark(side, values) for side, values in samples.items()}

    def seconds(self, side: str) -> float:
        """Return the median of one side."""
        return float(self.sides[side].median())

    def ratio(self, side: str, other: str) -> float:
        """Return how many times as long as another a side takes."""
        values = (self.sides[one].get_values() for one in (side, other))
        return median(one / two for one, two in zip(*values, strict=True))

    def fastest(self, *sides: str) -> str:
        """Return the side of the least median."""
        return min(sides, key=self.seconds)

    def named(self, what: str, share: int) -> list[Benchmark]:
        """Return a benchmark for each side, under the name of what was measured, `share` a call."""
        return [
            _benchmark(f"{what}: {side}", [value / share for value in timed.get_values()])
            for side, timed in self.sides.items()
        ]


def _benchmark(name: str, values: Sequence[float]) -> Benchmark:
    metadata = {"name": name, "unit": "second"}
    return Benchmark([Run(values, metadata=metadata, collect_metadata=False)])


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


def pace_of_seconds(sides: Mapping[str, Callable[[], float]], rounds: int) -> Paced:
    """Ask the sides in turn for the seconds they took; for what a process measures of itself."""
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
