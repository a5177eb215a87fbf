"""Lost updates: two threads add one to a shared value, so many times each. Without a race the sum is exact.

usage: race.py MODE COUNT [SWITCH_INTERVAL]
plain: shared_value += inc, as in the article
call:  shared_value += one(inc), the same statement with a call between the load and the store
lock:  the statement with the call, within a threading.Lock
window: the opcodes of the statement, and how long it takes
SWITCH_INTERVAL: seconds, for sys.setswitchinterval; small ones make the interpreter switch as often as it can.
"""
import dis
import json
import sys
import threading
import time


def one(inc):
    return inc


def plain(inc):
    global shared_value
    for _ in range(count):
        shared_value += inc


def call(inc):
    global shared_value
    for _ in range(count):
        shared_value += one(inc)


def locked(inc):
    global shared_value
    for _ in range(count):
        with lock:
            shared_value += one(inc)


def nothing(inc):
    for _ in range(count):
        pass


def seconds(function):
    began = time.perf_counter()
    function(1)
    return time.perf_counter() - began


def opcodes_of_window():
    """The opcodes after the shared value was loaded, up to and with the one that stores it."""
    names = [(each.opname, each.argval) for each in dis.get_instructions(plain)]
    load = next(i for i, (name, value) in enumerate(names) if name.startswith("LOAD_GLOBAL") and value == "shared_value")
    store = next(i for i, (name, value) in enumerate(names) if name.startswith("STORE_GLOBAL") and value == "shared_value")
    return [name for name, _ in names[load + 1 : store + 1] if name != "CACHE"]


if __name__ == "__main__":
    mode, count = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3:
        sys.setswitchinterval(float(sys.argv[3]))
    shared_value = 0
    lock = threading.Lock()
    if mode == "window":
        nanoseconds = min(seconds(plain) - seconds(nothing) for _ in range(7)) / count * 1e9
        print(json.dumps({"window": nanoseconds, "opcodes": opcodes_of_window()}), flush=True)
        sys.exit(0)
    work = {"plain": plain, "call": call, "lock": locked}[mode]
    threads = [threading.Thread(target=work, args=(1,), daemon=True) for _ in range(2)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    print(json.dumps({"expected": 2 * count, "got": shared_value, "wall": wall}), flush=True)
