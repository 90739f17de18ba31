"""What 100,000 open orders over 1,000 keys need, measured here: python tests/scale/measure.py

It starts a redis-server and a simulator on loopback, and prints what the plan in
dfx_adapter/limits/README.md says.
"""

import json
import resource
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import redis

import dfx_adapter
from dfx_adapter.limits.address import Limit
from dfx_adapter.limits.rates import whole
from dfx_adapter.limits.redis_store import RedisStore
from dfx_adapter.simulator import Simulator

ORDERS, KEYS, BATCH = 100_000, 1_000, 20
LIMIT = Limit(budget=1200, per=60, weight=2)


@contextmanager
def redis_server():
    """Run a redis-server on a free port of loopback."""
    binary = shutil.which("redis-server") or sys.exit("redis-server is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
    client = redis.Redis(port=port)
    try:
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                time.sleep(0.01)
        yield f"redis://127.0.0.1:{port}/0", client
    finally:
        client.close()
        process.kill()
        process.wait()


def measure_redis(requests):
    """Print what Redis sees of so many requests, over all keys, and holds afterwards."""
    with redis_server() as (url, client):
        empty = client.info("memory")["used_memory"]
        before = client.info("stats")["total_commands_processed"]
        cpu = client.info("cpu")["used_cpu_user"] + client.info("cpu")["used_cpu_sys"]
        store, rate = RedisStore(url), whole(LIMIT)
        begun = time.perf_counter()
        for number in range(requests):
            store.take(f"{number % KEYS:064x}", rate, LIMIT.weight)
        taken = time.perf_counter() - begun
        stats, used = client.info("stats"), client.info("cpu")
        cpu = used["used_cpu_user"] + used["used_cpu_sys"] - cpu
        commands = stats["total_commands_processed"] - before
        held = client.info("memory")["used_memory"] - empty
        store.close()
    print(f"Redis: {commands / requests:.1f} commands a request, those inside the script included")
    print(f"Redis: {1000 * taken / requests:.2f} ms a request, asked by one process on loopback")
    print(f"Redis: {1e6 * cpu / requests:.0f} us of its processor a request")
    print(f"Redis: {held / KEYS:.0f} bytes a key")


def measure_requests(requests):
    """Print what a request for 20 orders costs the process that makes it."""
    with Simulator() as exchange:
        ids = [exchange.place("BTC_USDT", "buy", price=9000, amount=1) for _ in range(BATCH)]
        config = {**exchange.ccxt_config(), "enableRateLimit": False}
        bot = dfx_adapter.AdapterHost(entry_points=False).connect("digifinex", config)
        bot.fetch_orders_by_ids(ids)
        body = json.dumps({"code": 0, "data": [exchange.row(one) for one in ids]}, default=str)
        begun = time.thread_time()
        for _ in range(requests):
            bot.fetch_orders_by_ids(ids)
        taken = time.thread_time() - begun
    begun = time.thread_time()
    for _ in range(requests):
        dfx_adapter.parse_orders("digifinex", body)
    mapped = time.thread_time() - begun
    print(f"Bot: {1000 * taken / requests:.2f} ms of processor a request of {BATCH} orders")
    print(f"Bot: {1000 * mapped / requests:.2f} ms of that to map the answer")
    print(f"Bot: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB of memory")


def main():
    """Print the plan's arithmetic, then what was measured."""
    a_round = -(-ORDERS // KEYS // BATCH) * KEYS
    allowed = whole(LIMIT).limit / LIMIT.weight / LIMIT.per
    print(f"Plan: {a_round} requests ask for all {ORDERS} orders once")
    print(f"Plan: a key may send {allowed:.2f} requests a second, {KEYS} keys {KEYS * allowed:.0f}")
    print(f"Plan: all orders every 5 s are {a_round / 5:.0f} requests a second")
    measure_redis(10_000)
    measure_requests(500)


if __name__ == "__main__":
    main()
