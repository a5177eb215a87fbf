"""Does time.sleep(0) release the GIL? One thread counts without a pause; the main thread calls, and sees whether it went on.

usage: sleep0.py MODE LOOKS SWITCH_INTERVAL
sleep0:  the main thread calls time.sleep(0)
nothing: it calls a Python function that does nothing, for comparison
A thread that waits for the GIL gets it when the other releases it, or SWITCH_INTERVAL seconds later. So within a short call
the counter can only go on if the call released the GIL; and then it keeps the GIL for about SWITCH_INTERVAL.
Most often the GIL is back before the other thread woke up: so there are up to TRIES calls a look, until the counter went on.
"""
import json
import sys
import threading
import time


TRIES = 20


def counting():
    global counter
    while running:
        counter += 1


def nothing(_):
    pass


if __name__ == "__main__":
    mode, looks, interval = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    function = time.sleep if mode == "sleep0" else nothing
    counter = 0
    running = True
    sys.setswitchinterval(interval)
    thread = threading.Thread(target=counting, daemon=True)
    thread.start()
    advanced = 0
    durations = []
    for _ in range(looks):
        # Wakes up with the GIL just taken, and the other thread waiting for it: the interval begins anew.
        time.sleep(0.001)
        for _ in range(TRIES):
            before = counter
            began = time.perf_counter()
            function(0)
            durations.append(time.perf_counter() - began)
            if counter != before:
                advanced += 1
                break
    running = False
    thread.join()
    durations.sort()
    median = durations[len(durations) // 2]
    print(json.dumps({"calls": len(durations), "advanced": advanced, "median": median, "longest": durations[-1]}), flush=True)
