"""Scripted answers: what an endpoint answers next, instead of its own answer.

For what the documents leave out and users have met: error codes out of the blue, HTML under
status 200, connections that are dropped. The endpoint's own answer, spoilt, is in `faults`.
"""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from dfx_adapter.simulator.documents import CONTENT_TYPE
from dfx_adapter.simulator.faults import Spoiling
from dfx_adapter.simulator.messages import Response, encode


@dataclass(frozen=True, slots=True)
class Code:
    """HTTP 200 with ``{"code": number}``, and a `msg` where one is given."""

    number: int
    msg: str | None = None

    def response(self) -> Response:
        """Return the answer."""
        answer = {"code": self.number} | ({} if self.msg is None else {"msg": self.msg})
        return Response(encode(answer))


@dataclass(frozen=True, slots=True)
class Body:
    """Any bytes at all, under any HTTP status."""

    content: bytes | str
    status: int = 200
    content_type: str = CONTENT_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return the answer."""
        content = self.content.encode() if isinstance(self.content, str) else self.content
        return Response(content, self.status, self.content_type, self.headers)


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection is closed without an answer.

    The request has no effect, unless `handled`: then it took effect and only the answer is lost, as
    happens to an order that was placed although its sender never heard of it.

    A client may repeat a GET by itself when a kept-alive connection is closed on it (aiohttp
    does); the repetition is a request of its own and meets the next scripted answer.
    """

    handled: bool = False

    def response(self) -> Response:
        """Return no answer: a dropped connection."""
        return Response(dropped=True)


Answer = Code | Body | Drop | Spoiling


class Script:
    """Queues of answers, by endpoint; an answer serves one request."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, deque[Answer]] = defaultdict(deque)

    def add(self, key: str, answers: tuple[Answer, ...]) -> None:
        """Put answers at the end of a queue."""
        self._queues[key].extend(answers)

    def take(self, *keys: str) -> Answer | None:
        """Take the next answer from the first of these queues that has one."""
        for key in keys:
            if self._queues[key]:
                return self._queues[key].popleft()
        return None

    def clear(self) -> None:
        """Forget what was not yet answered."""
        self._queues.clear()
