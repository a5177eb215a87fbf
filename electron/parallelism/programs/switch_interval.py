"""How often does the GIL change hands? Two threads count without a pause, for so many seconds.

usage: switch_interval.py SECONDS SWITCH_INTERVAL
A thread that sees that the other was the last to run has just been given the GIL.
"""
import json
import sys
import threading
import time


def counting(me):
    global last, handovers
    while running:
        if last != me:
            last = me
            handovers += 1
        counts[me] += 1


if __name__ == "__main__":
    seconds, interval = float(sys.argv[1]), float(sys.argv[2])
    sys.setswitchinterval(interval)
    last = -1
    handovers = 0
    counts = [0, 0]
    running = True
    threads = [threading.Thread(target=counting, args=(i,), daemon=True) for i in range(2)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    running = False
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    print(json.dumps({"wall": wall, "handovers": handovers, "loops": counts}), flush=True)
