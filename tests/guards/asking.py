"""A process with little memory that asks hostile peers; it writes what came of it as JSON lines.

python -m tests.guards.asking MEBIBYTES "sync|async METHOD PORT TIMEOUT"...
"""

import asyncio
import json
import resource
import sys

import ccxt.async_support  # noqa: F401  # mapped before memory is bounded

import dfx_adapter

ARGUMENTS = {"fetch_order": ("a",), "fetch_time": ()}


def write(call, error):
    line = {"call": call, "class": type(error).__name__, "text": str(error)[:300]}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def ask(call):
    kind, method, port, timeout = call.split()
    asynchronous = kind == "async"
    config = {
        "apiKey": "simulated-key",
        "secret": "simulated-secret",
        "timeout": int(timeout),
        "timeout_on_exit": 0,
        "enableRateLimit": False,
        "urls": {"api": {"rest": f"http://127.0.0.1:{port}"}},
    }
    exchange = dfx_adapter.connect("digifinex", config, asynchronous=asynchronous)
    try:
        answer = getattr(exchange, method)(*ARGUMENTS[method])
        write(call, await answer if asynchronous else answer)
    except Exception as error:  # noqa: BLE001  # MemoryError, too, is to be seen
        write(call, error)
    if asynchronous:
        await exchange.close()


def bound_memory(mebibytes):
    """Allow so much more than is mapped now, the libraries and one thread's stack included."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # nothing imported now
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    most = mapped + mebibytes * (1 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


for asynchronous in (False, True):
    dfx_adapter.connect("digifinex", asynchronous=asynchronous)  # imports all that is needed
bound_memory(int(sys.argv[1]))
for call in sys.argv[2:]:
    asyncio.run(ask(call))
