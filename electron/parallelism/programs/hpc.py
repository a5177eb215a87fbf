"""Azimuthal integration of a stack of frames: the mean intensity at each radius of a detector image, outliers left out.

usage: hpc.py MODE WORKERS FRAMES SIZE KIND   (frames of SIZE x SIZE pixels, uint16)
MODE: serial | threads | processes | dask | dask-threads | mpi
KIND: statements (the sum of each radius in a Python loop) | numpy (with NumPy, and outliers left out in four rounds)
Workers are started before the clock; the time is from the frames in this program's memory to the curves in it.
"""
import json
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("NumPy is not installed for this Python. Install it (endstation lab setup; or %s -m pip install numpy)." % sys.executable)

BINS = 500
ROUNDS = 4


def radius_bins(size):
    y, x = np.indices((size, size))
    radius = np.hypot(x - 0.48 * size, y - 0.53 * size)
    return np.minimum((radius * BINS / (0.8 * size)).astype(np.intp), BINS - 1).ravel()


def make_frames(count, size):
    """The same figures in every process: rings on a background, with noise of a fixed seed."""
    random = np.random.default_rng(7)
    rings = 200 + 150 * np.cos(radius_bins(size).reshape(size, size) * 0.2)
    return [random.poisson(rings).astype(np.uint16) for _ in range(count)]


def integrate(frame):
    return integrate_in_statements(frame) if kind == "statements" else integrate_with_numpy(frame)


def integrate_in_statements(frame):
    """The mean of each bin, pixel after pixel."""
    global _bins
    if _bins is None or len(_bins) != frame.size:
        _bins = radius_bins(frame.shape[0]).tolist()
    sums, pixels = [0.0] * BINS, [0] * BINS
    for radius, value in zip(_bins, frame.ravel().tolist()):
        sums[radius] += value
        pixels[radius] += 1
    return np.array([total / max(1, count) for total, count in zip(sums, pixels)])


def integrate_with_numpy(frame):
    """The mean of each bin without its outliers (cosmic rays, hot pixels): what is 3 sigma away is left out, and again."""
    global _bins
    if _bins is None or _bins.size != frame.size:
        _bins = radius_bins(frame.shape[0])
    values = frame.ravel().astype(float)
    kept = np.ones(values.size)
    for _ in range(ROUNDS):
        pixels = np.maximum(1, np.bincount(_bins, weights=kept, minlength=BINS))
        mean = np.bincount(_bins, weights=kept * values, minlength=BINS) / pixels
        away = (values - mean[_bins]) ** 2
        variance = np.bincount(_bins, weights=kept * away, minlength=BINS) / pixels
        kept = (away <= 9 * variance[_bins]).astype(float)
    return mean


_bins = None
kind = ""


def integrate_block(frames, of):
    """`of`: the kind, which a worker process does not know otherwise."""
    global kind
    kind = of
    return [integrate(frame) for frame in frames]


def blocks_of(frames, workers):
    """Four for each worker, so that none waits long for the last one."""
    size = max(1, len(frames) // (4 * workers))
    return [frames[start : start + size] for start in range(0, len(frames), size)]


def timed(work):
    began = time.perf_counter()
    curves = work()
    return time.perf_counter() - began, np.array([curve for block in curves for curve in block])


def by_pool(frames, workers, pool_of):
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    blocks = blocks_of(frames, workers)
    with (ThreadPoolExecutor if pool_of == "threads" else ProcessPoolExecutor)(workers) as pool:
        # All of them are there, and know their bins, before the clock starts.
        list(pool.map(integrate_block, [frames[:1]] * (4 * workers), [kind] * (4 * workers)))
        return timed(lambda: list(pool.map(integrate_block, blocks, [kind] * len(blocks))))


def by_dask(frames, workers, processes):
    try:
        import warnings

        import dask
        from dask.distributed import Client
    except ImportError:
        sys.exit("dask is not installed for this Python. Install it (%s -m pip install 'dask[distributed]')." % sys.executable)
    # A worker that is killed is a failure of this measurement, not a reason to begin again.
    dask.config.set({"distributed.scheduler.allowed-failures": 0})
    # The frames are in this program, as they are at a beamline; dask would rather read them itself.
    warnings.simplefilter("ignore")
    how = {"n_workers": workers, "threads_per_worker": 1, "host": "127.0.0.1"} if processes else {"n_workers": 1, "threads_per_worker": workers, "processes": False}
    with Client(dashboard_address=None, silence_logs=50, **how) as client:
        client.run(integrate_block, frames[:1], kind)
        return timed(lambda: client.gather([client.submit(integrate_block, block, kind, pure=False) for block in blocks_of(frames, workers)]))


def by_mpi(world, frames):
    rank, workers = world.Get_rank(), world.Get_size()
    parts = [frames[part::workers] for part in range(workers)] if rank == 0 else None
    if rank == 0:
        integrate(frames[0])
    else:
        integrate(np.zeros((size, size), np.uint16))
    world.Barrier()
    return timed(lambda: world.gather(integrate_block(world.scatter(parts), kind), root=0) or [])


if __name__ == "__main__":
    mode, workers, count, size, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    if mode == "mpi":
        try:
            import mpi4py  # noqa: F401
        except ImportError:
            sys.exit("mpi4py is not installed for this Python. Install it (%s -m pip install mpi4py)." % sys.executable)
        from mpi_ranks import run_ranks

        run_ranks(__file__, ["mpi-rank"] + sys.argv[2:], workers)
    frames = []
    if mode == "mpi-rank":
        from mpi4py import MPI

        frames = make_frames(count, size) if MPI.COMM_WORLD.Get_rank() == 0 else []
        wall, curves = by_mpi(MPI.COMM_WORLD, frames)
        if MPI.COMM_WORLD.Get_rank() != 0:
            sys.exit(0)
        # In the order of the frames again.
        order = [index for part in range(workers) for index in range(part, count, workers)]
        curves = curves[np.argsort(order)]
    else:
        frames = make_frames(count, size)
        integrate(frames[0])
        if mode == "serial":
            wall, curves = timed(lambda: [integrate_block(frames, kind)])
        elif mode in ("dask", "dask-threads"):
            wall, curves = by_dask(frames, workers, mode == "dask")
        else:
            wall, curves = by_pool(frames, workers, mode)
    again, expected = timed(lambda: [integrate_block(frames, kind)])
    # What goes from the program to its workers and back; MPI's first rank keeps its own part.
    away = {"serial": 0, "threads": 0, "dask-threads": 0, "mpi-rank": len(frames) - len(frames[0::workers])}.get(mode, len(frames))
    moved = away * (frames[0].nbytes + expected[0].nbytes)
    line = {"wall": wall, "serial": again, "moved": moved, "difference": float(np.abs(curves - expected).max()), "pixels": count * size * size}
    print(json.dumps(line), flush=True)
