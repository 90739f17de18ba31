"""Map files of recorded answers, one a line, on a Dask cluster: python map_files.py FILE..."""

import sys
from pathlib import Path

from dask.distributed import Client, LocalCluster

import dfx_adapter


def orders_of(path):
    """Map one file; on whichever worker this runs."""
    lines = Path(path).read_bytes().splitlines()
    return [order for line in lines for order in dfx_adapter.parse_orders("digifinex", line)]


if __name__ == "__main__":
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        for orders in client.gather(client.map(orders_of, sys.argv[1:])):
            print(len(orders), orders[-1]["id"], orders[-1]["status"])
