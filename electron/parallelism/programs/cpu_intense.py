"""The article's cpu_intense.py, with a clock and counters. The work of each thread is the article's, line by line.

usage: cpu_intense.py MODE THREADS ROUNDS [SWITCH_INTERVAL]
MODE: threads | lock | processes | asyncio | dask (processes) | mpi (CPython 3.7 or later). SWITCH_INTERVAL: seconds, for sys.setswitchinterval.
Prints a JSON line about 20 times a second, and one at the end with the wall and CPU seconds.
"""
import json
import os
import sys
import threading
import time


def _cpu_intense_function():
    def _is_prime(n):
        for i in range(2, int(n**0.5) + 1):
            if n % i == 0:
                return False
        return True

    for n in range(3, 10000):
        _is_prime(n)


def _thread(inc, index):
    global shared_value
    for _ in range(rounds):
        _cpu_intense_function()
        shared_value += inc
        counts[index] += 1


def _locked_thread(inc, index):
    global shared_value
    for _ in range(rounds):
        _cpu_intense_function()
        with lock:
            shared_value += inc
        counts[index] += 1


def _process(index, rounds, counts):
    for _ in range(rounds):
        _cpu_intense_function()
        counts[index] += 1


def _alone(rounds):
    """In a process of dask or of MPI: the CPU seconds that it took."""
    used = time.process_time()
    for _ in range(rounds):
        _cpu_intense_function()
    return time.process_time() - used


def _in_dask():
    from dask.distributed import Client

    with Client(n_workers=threads, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1", silence_logs=50) as client:
        workers = list(client.run(_alone, 1))
        began = time.perf_counter()
        used = client.gather([client.submit(_alone, rounds, workers=worker, pure=False) for worker in workers])
        return time.perf_counter() - began, sum(used)


def _in_mpi():
    from mpi4py import MPI

    MPI.COMM_WORLD.Barrier()
    began = time.perf_counter()
    used = MPI.COMM_WORLD.gather(_alone(rounds))
    if used is None:
        sys.exit(0)
    return time.perf_counter() - began, sum(used)


async def _coroutine(inc, index):
    global shared_value
    for _ in range(rounds):
        _cpu_intense_function()
        shared_value += inc
        counts[index] += 1
        report()
        await asyncio.sleep(0)


def increment(index):
    """The first thread adds ones, the second millions, as in the article."""
    return 1 if index % 2 == 0 else 1000000


def total():
    """Processes share no variable: each has a copy of its own, so their counts are added up."""
    if mode == "processes":
        return sum(increment(index) * count for index, count in enumerate(counts))
    return shared_value


def report(every=0.05):
    global reported
    now = time.perf_counter()
    if now - reported < every:
        return
    reported = now
    print(json.dumps({"at": (now - began) * 1000, "counts": list(counts), "total": total()}), flush=True)


def run_all(members):
    for member in members:
        member.start()
    for member in members:
        while member.is_alive():
            member.join(0.05)
            report()


async def _gather():
    await asyncio.gather(*[_coroutine(increment(i), i) for i in range(threads)])


def cpu_seconds():
    """Of this process and of its children that have ended."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


if __name__ == "__main__":
    mode, threads, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if len(sys.argv) > 4:
        sys.setswitchinterval(float(sys.argv[4]))
    if mode == "mpi":
        from mpi_ranks import run_ranks

        run_ranks(__file__, ["mpi-rank", threads, rounds], threads)
    if mode in ("dask", "mpi-rank"):
        wall, cpu = _in_dask() if mode == "dask" else _in_mpi()
        all_counts = [rounds] * threads
        last = {"wall": wall, "cpu": cpu, "counts": all_counts, "total": sum(increment(i) * n for i, n in enumerate(all_counts))}
        print(json.dumps(last), flush=True)
        sys.exit(0)
    shared_value = 0
    counts = [0] * threads
    lock = threading.Lock()
    if mode == "processes":
        import multiprocessing

        fork = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(fork)
        counts = context.RawArray("q", threads)
    if mode == "asyncio":
        import asyncio
    reported = began = time.perf_counter()
    cpu = cpu_seconds()
    if mode == "asyncio":
        asyncio.run(_gather())
    elif mode == "processes":
        run_all([context.Process(target=_process, args=(i, rounds, counts), daemon=True) for i in range(threads)])
    else:
        target = _locked_thread if mode == "lock" else _thread
        run_all([threading.Thread(target=target, args=(increment(i), i), daemon=True) for i in range(threads)])
    wall = time.perf_counter() - began
    print(json.dumps({"wall": wall, "cpu": cpu_seconds() - cpu, "counts": list(counts), "total": total()}), flush=True)
