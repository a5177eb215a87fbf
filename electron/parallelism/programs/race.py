"""Lost updates: two threads add one to a shared value, so many times each. Without a race the sum is exact.

usage: race.py MODE COUNT [SWITCH_INTERVAL]
plain: shared_value += inc, as in the article
call:  shared_value += one(inc), the same statement with a call between the load and the store
lock:  the statement with the call, within a threading.Lock
turns: as plain, and counts how often the threads took turns meanwhile
window: the opcodes of the statement, and how long it takes
SWITCH_INTERVAL: seconds, for sys.setswitchinterval; small ones make the interpreter switch as often as it can.
"""
import dis
import json
import sys
import sysconfig
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


def taking_turns(inc, me):
    """A thread that sees that the other was the last to run has just been given the GIL."""
    global shared_value, last, turns
    for _ in range(count):
        shared_value += inc
        if last != me:
            last = me
            turns += 1


def nothing(inc):
    for _ in range(count):
        pass


def seconds(function):
    # CPU time, which other programs can't stretch.
    began = time.thread_time()
    function(1)
    return time.thread_time() - began


def looks_for_a_switch(name):
    """Whether this interpreter looks after that opcode whether another thread wants the GIL."""
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return True
    if sys.version_info >= (3, 10):
        # Python/ceval.c: at calls and at jumps back, so that no loop and no recursion goes on without a look.
        return name.startswith(("CALL", "JUMP_BACKWARD", "JUMP_ABSOLUTE", "RESUME"))
    # Before 3.10 after every opcode but the simplest.
    return name not in ("LOAD_FAST", "LOAD_CONST", "STORE_FAST", "POP_TOP", "ROT_TWO")


def opcodes_of_loop():
    """[name, argument, in the window, looks for a switch] of the loop's body, from its first opcode to the jump back.
    The window begins after the shared value was loaded, and ends with the opcode that stores it."""
    listed = [each for each in dis.get_instructions(plain) if each.opname not in ("CACHE", "EXTENDED_ARG")]
    begin = next(i for i, each in enumerate(listed) if each.opname == "FOR_ITER") + 1
    end = next(i for i, each in enumerate(listed) if i > begin and each.opname.startswith("JUMP"))
    load = next(i for i, each in enumerate(listed) if each.opname.startswith("LOAD_GLOBAL") and each.argval == "shared_value")
    store = next(i for i, each in enumerate(listed) if each.opname.startswith("STORE_GLOBAL") and each.argval == "shared_value")
    return [[each.opname, each.argrepr, load < i <= store, looks_for_a_switch(each.opname)] for i, each in enumerate(listed) if begin <= i <= end]


if __name__ == "__main__":
    mode, count = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3:
        sys.setswitchinterval(float(sys.argv[3]))
    shared_value = 0
    lock = threading.Lock()
    if mode == "window":
        nanoseconds = (min(seconds(plain) for _ in range(7)) - min(seconds(nothing) for _ in range(7))) / count * 1e9
        print(json.dumps({"window": nanoseconds, "opcodes": opcodes_of_loop()}), flush=True)
        sys.exit(0)
    if mode == "turns":
        last, turns = -1, 0
        threads = [threading.Thread(target=taking_turns, args=(1, me), daemon=True) for me in range(2)]
    else:
        work = {"plain": plain, "call": call, "lock": locked}[mode]
        turns = None
        threads = [threading.Thread(target=work, args=(1,), daemon=True) for _ in range(2)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    print(json.dumps({"expected": 2 * count, "got": shared_value, "wall": wall, "turns": turns}), flush=True)
