"""python -m endstation_compute dask FOLDER JOB ADDRESS [WORKERS] | mpi FOLDER JOB: says its progress and its end in JSON lines."""
import json
import sys

from . import plans
from .errors import PieceError, reason
from .folder import read_input, write_output


def say(**what):
    print(json.dumps(what), flush=True)


def run_dask(folder, job, address, most=None):
    from . import on_dask

    try:
        output = on_dask.run(job, read_input(folder), address, None if most is None else int(most), lambda done: say(progress=done))
    except on_dask.Unavailable as error:
        return say(error=str(error), unavailable=True)
    write_output(folder, output)
    return say(done=True)


def run_mpi(folder, job):
    from . import on_mpi

    output = on_mpi.run(lambda parts: plans.PLANS[job](read_input(folder), parts), lambda done: say(progress=done))
    if output is not None:
        write_output(folder, output)
        say(done=True)


def main(how, *arguments):
    try:
        {"dask": run_dask, "mpi": run_mpi}[how](*arguments)
    except (plans.InputError, PieceError) as error:
        say(error=str(error))
    except Exception as error:
        say(error=reason(error))
        sys.exit(1)


main(*sys.argv[1:])
