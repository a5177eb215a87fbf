"""How late a PyEpics callback comes while the same program computes. Each value is [seconds of the monotonic clock when it changed, its number].

usage: callbacks.py MODE PORT SECONDS
alone:   nothing else is done
devices: eight threads beside it, which wait for the values as threads that control devices do
thread:  a thread beside it computes primes without a pause
process: the same in a process of its own
"""
import json
import multiprocessing
import os
import sys
import threading
import time

DEVICES = 8


def is_prime(n):
    for i in range(2, int(n**0.5) + 1):
        if n % i == 0:
            return False
    return True


def compute():
    while True:
        for n in range(3, 10000):
            is_prime(n)


def control(index):
    """Waits for a new value, looks whether it is one of its own, and waits again."""
    seen = 0
    while True:
        with changed:
            changed.wait()
            number = sequence
        if number % DEVICES == index:
            seen = number


def take(pvname, value, **_):
    global sequence
    now = time.perf_counter()
    at, number = float(value[0]), int(value[1])
    with changed:
        sequence = number
        changed.notify_all()
    if measuring and at >= began:
        latencies.append((now - at) * 1000)
        numbers.append(number)


if __name__ == "__main__":
    mode, port, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    os.environ.update(EPICS_CA_ADDR_LIST="127.0.0.1", EPICS_CA_AUTO_ADDR_LIST="NO", EPICS_CA_SERVER_PORT=port)
    worker = None
    if mode == "process":
        worker = multiprocessing.get_context("spawn").Process(target=compute, daemon=True)
        worker.start()
    try:
        import epics
    except ImportError:
        sys.exit("PyEpics is not installed for this Python. Install it (endstation lab setup; or %s -m pip install pyepics numpy)." % sys.executable)
    changed = threading.Condition()
    sequence, measuring, began, latencies, numbers = 0, False, 0.0, [], []
    pv = epics.PV("LAB:POLLING:0", callback=take, auto_monitor=True)
    if not pv.wait_for_connection(10):
        sys.exit("The server on port %s does not answer PyEpics." % port)
    if mode == "devices":
        for index in range(DEVICES):
            threading.Thread(target=control, args=(index,), daemon=True).start()
    if mode == "thread":
        threading.Thread(target=compute, daemon=True).start()
    time.sleep(0.2)
    began, cpu, measuring = time.perf_counter(), time.process_time(), True
    time.sleep(seconds)
    wall, cpu, measuring = time.perf_counter() - began, time.process_time() - cpu, False
    missed = numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0
    if worker:
        worker.kill()
    print(json.dumps({"wall": wall, "cpu": cpu, "latencies": latencies, "missed": missed}), flush=True)
    # Ends without the library's own clean-up, which waits for its threads.
    os._exit(0)
