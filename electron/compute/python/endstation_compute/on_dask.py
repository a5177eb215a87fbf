"""A plan on an existing Dask cluster: this process is only its client."""
import os
import tempfile
import zipfile

from distributed import Client, as_completed

from . import plans
from .drive import drive

#: Seconds to reach the scheduler.
CONNECT = 10


class Unavailable(Exception):
    """The cluster can't be used; the text says what to do."""


def _package(folder):
    """This package as a file that workers without it can load."""
    here = os.path.dirname(os.path.abspath(__file__))
    path = os.path.join(folder, "endstation_compute.zip")
    with zipfile.ZipFile(path, "w") as file:
        for name in sorted(os.listdir(here)):
            if name.endswith(".py"):
                file.write(os.path.join(here, name), f"endstation_compute/{name}")
    return path


def run(job, source, address, most, say):
    try:
        client = Client(address, timeout=CONNECT)
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"no Dask scheduler answers at {address} within {CONNECT} s ({error}). Start one (dask scheduler), or check host and port.") from error
    with client:
        workers = sorted(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise Unavailable(f"the Dask scheduler at {address} has no workers. Start some: dask worker {address}")
        chosen = workers if most is None else workers[:most]
        with tempfile.TemporaryDirectory() as folder:
            client.upload_file(_package(folder))
        plan = plans.PLANS[job](source, 2 * len(chosen))

        def do_round(pieces, say_of_round):
            # Scattered first: large arrays do not belong into the graph of tasks.
            futures = [client.submit(function, *client.scatter(list(arguments), workers=[chosen[i % len(chosen)]], hash=False), workers=chosen, pure=False)
                       for i, (function, arguments) in enumerate(pieces)]
            for done, _ in enumerate(as_completed(futures), 1):
                say_of_round(done / len(futures))
            return client.gather(futures)

        return drive(plan, do_round, say)
