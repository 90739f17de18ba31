"""Adapters broken on purpose, every one with the rule that must catch it."""

from typing import Final

from tests.conformance.broken_answers import ANSWERS
from tests.conformance.broken_errors import ERRORS
from tests.conformance.broken_mapping import MAPPING
from tests.conformance.broken_orders import ORDERS
from tests.conformance.broken_readings import READINGS
from tests.conformance.broken_requests import REQUESTS
from tests.conformance.right import Broken

BROKEN: Final[tuple[Broken, ...]] = (*ORDERS, *MAPPING, *READINGS, *ERRORS, *REQUESTS, *ANSWERS)
