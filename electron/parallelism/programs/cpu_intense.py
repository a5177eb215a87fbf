"""The article's cpu_intense.py, with a clock and counters. The work of each thread is the article's, line by line.

usage: cpu_intense.py MODE THREADS ROUNDS [SWITCH_INTERVAL]
MODE: threads | lock | processes | asyncio | subinterpreters (CPython 3.12 or later) | dask (processes) | dask-threads | mpi.
SWITCH_INTERVAL: seconds, for sys.setswitchinterval.
       cpu_intense.py timeline THREADS SECONDS: who ran when, as [from, to] in ms of each thread.
Prints a JSON line about 20 times a second, and one at the end with the wall and CPU seconds.
"""
import inspect
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


def _alone_in_thread(rounds):
    """The same where a process has several of these threads: the CPU seconds of this one."""
    used = time.thread_time()
    for _ in range(rounds):
        _cpu_intense_function()
    return time.thread_time() - used


def _in_dask():
    """Each worker a process with one thread; or, dask-threads, one worker in this process with all the threads."""
    import dask
    from dask.distributed import Client

    # A worker that is killed is a failure of this measurement, not a reason to begin again.
    dask.config.set({"distributed.scheduler.allowed-failures": 0})
    work = _alone if mode == "dask" else _alone_in_thread
    workers, each = (threads, 1) if mode == "dask" else (1, threads)
    where = {"processes": True, "host": "127.0.0.1"} if mode == "dask" else {"processes": False}
    with Client(n_workers=workers, threads_per_worker=each, dashboard_address=None, silence_logs=50, **where) as client:
        # All of them have the function before the clock starts.
        names = sorted(client.run(work, 1))
        began = time.perf_counter()
        used = client.gather([client.submit(work, rounds, workers=names[i % workers], pure=False) for i in range(threads)])
        return time.perf_counter() - began, sum(used)


def _in_subinterpreters():
    """An interpreter with a GIL of its own for each thread. They share no variable: each writes a byte to a pipe after every round."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    code = inspect.getsource(_cpu_intense_function) + """
import os
for _ in range(rounds):
    _cpu_intense_function()
    os.write(write, bytes([index]))
"""
    given = "rounds, write, index = %d, %d, %d\n"
    run, interpreters = _create_interpreters()

    def count():
        try:
            for index in os.read(read, 65536):
                counts[index] += 1
        except BlockingIOError:
            pass

    members = [threading.Thread(target=run, args=(interpreters[i], given % (rounds, write, i) + code), daemon=True) for i in range(threads)]
    run_all(members, count)
    count()


def _create_interpreters():
    """How an interpreter runs code, and one for each thread."""
    try:
        from concurrent import interpreters

        return (lambda interpreter, code: interpreter.exec(code)), [interpreters.create() for _ in range(threads)]
    except ImportError:
        pass
    try:
        # CPython 3.13 and 3.12 have them as private modules.
        import _interpreters

        return _interpreters.exec, [_interpreters.create("isolated") for _ in range(threads)]
    except ImportError:
        import _xxsubinterpreters

        return _xxsubinterpreters.run_string, [_xxsubinterpreters.create(isolated=True) for _ in range(threads)]


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


def _watched(index, seconds):
    """The same primes, with a look at the clock after each number: where it went on without this thread, another one ran."""
    spans, start, last = timeline[index], None, 0.0
    while last < 1000 * seconds:
        for n in range(3, 10000):
            for i in range(2, int(n**0.5) + 1):
                if n % i == 0:
                    break
            now = (time.perf_counter() - began) * 1000
            if start is None:
                start = now
            elif now - last > 1:
                spans.append([start, last])
                start = now
            last = now
    spans.append([start, last])


def increment(index):
    """The first thread adds ones, the second millions, as in the article."""
    return 1 if index % 2 == 0 else 1000000


def total():
    """Processes share no variable: each has a copy of its own, so their counts are added up."""
    if mode in ("processes", "subinterpreters"):
        return sum(increment(index) * count for index, count in enumerate(counts))
    return shared_value


def report(every=0.05):
    global reported
    now = time.perf_counter()
    if now - reported < every:
        return
    reported = now
    print(json.dumps({"at": (now - began) * 1000, "counts": list(counts), "total": total()}), flush=True)


def ended_early(members):
    """A process that is killed leaves its rounds undone: that is no measurement."""
    return [member.exitcode for member in members if getattr(member, "exitcode", 0)]


def run_all(members, look=None):
    for member in members:
        member.start()
    for member in members:
        while member.is_alive():
            member.join(0.05)
            if look:
                look()
            report()
    if ended_early(members):
        sys.exit("a process of it ended early, with code %s (negative: that signal)" % ended_early(members)[0])


async def _gather():
    await asyncio.gather(*[_coroutine(increment(i), i) for i in range(threads)])


def cpu_seconds():
    """Of this process and of its children that have ended."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


if __name__ == "__main__":
    mode, threads, rounds = sys.argv[1], int(sys.argv[2]), int(float(sys.argv[3]))
    if len(sys.argv) > 4:
        sys.setswitchinterval(float(sys.argv[4]))
    if mode == "timeline":
        timeline = [[] for _ in range(threads)]
        members = [threading.Thread(target=_watched, args=(i, float(sys.argv[3])), daemon=True) for i in range(threads)]
        began = time.perf_counter()
        for member in members:
            member.start()
        for member in members:
            member.join()
        print(json.dumps({"spans": timeline}), flush=True)
        sys.exit(0)
    if mode == "mpi":
        from mpi_ranks import run_ranks

        run_ranks(__file__, ["mpi-rank", threads, rounds], threads)
    if mode in ("dask", "dask-threads", "mpi-rank"):
        wall, cpu = _in_mpi() if mode == "mpi-rank" else _in_dask()
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
    elif mode == "subinterpreters":
        _in_subinterpreters()
    elif mode == "processes":
        run_all([context.Process(target=_process, args=(i, rounds, counts), daemon=True) for i in range(threads)])
    else:
        target = {"threads": _thread, "lock": _locked_thread}[mode]
        run_all([threading.Thread(target=target, args=(increment(i), i), daemon=True) for i in range(threads)])
    wall = time.perf_counter() - began
    print(json.dumps({"wall": wall, "cpu": cpu_seconds() - cpu, "counts": list(counts), "total": total()}), flush=True)
