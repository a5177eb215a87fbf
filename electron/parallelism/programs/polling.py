"""Polling against callbacks with PyEpics. Every value is [seconds of the monotonic clock when it changed, its number].

usage: polling.py MODE PORT CHANNELS SECONDS [NAME]   (NAME: of the one PV, where it is not the lab's own)
poll:    caget_many, then sleep(0.01), and so on, as in the PyEpics documentation
monitor: PVs with callbacks
"""
import json
import os
import sys
import time

mode, port, channels, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
os.environ.update(EPICS_CA_ADDR_LIST="127.0.0.1", EPICS_CA_AUTO_ADDR_LIST="NO", EPICS_CA_SERVER_PORT=port)
try:
    import epics
except ImportError:
    sys.exit("PyEpics is not installed for this Python. Install it (endstation lab setup; or %s -m pip install pyepics numpy)." % sys.executable)

names = sys.argv[5:] or ["LAB:POLLING:%d" % index for index in range(channels)]
last = {}
latencies = []
counts = {"reads": 0, "unchanged": 0, "missed": 0}
begun = time.perf_counter()


def take(name, value):
    changed, sequence = float(value[0]), int(value[1])
    before = last.get(name)
    last[name] = sequence
    counts["reads"] += 1
    if before is None:
        return
    if sequence == before:
        counts["unchanged"] += 1
        return
    counts["missed"] += sequence - before - 1
    if changed >= begun:
        latencies.append((time.perf_counter() - changed) * 1000)


def ask():
    for name, value in zip(names, epics.caget_many(names)):
        if value is not None:
            take(name, value)


answering = ten_rounds = 0.0
requests = 0
if mode == "monitor":
    pvs = [epics.PV(name, callback=lambda pvname, value, **_: take(pvname, value), auto_monitor=True) for name in names]
    for pv in pvs:
        pv.wait_for_connection(10)
    time.sleep(0.2)
else:
    ask()
    if not last:
        sys.exit("The server on port %s does not answer PyEpics." % port)
    start = time.perf_counter()
    for _ in range(10):
        asked = time.perf_counter()
        ask()
        answering += time.perf_counter() - asked
        time.sleep(0.01)
    ten_rounds = time.perf_counter() - start
latencies.clear()
counts.update(reads=0, unchanged=0, missed=0)
begun = time.perf_counter()
cpu = time.process_time()
if mode == "monitor":
    time.sleep(seconds)
else:
    while time.perf_counter() - begun < seconds:
        ask()
        requests += channels
        time.sleep(0.01)
wall = time.perf_counter() - begun
cpu = time.process_time() - cpu
line = dict(wall=wall, cpu=cpu, requests=requests, latencies=list(latencies), tenRounds=ten_rounds * 1000, answering=answering * 1000, **counts)
print(json.dumps(line), flush=True)
# Ends without the library's own clean-up, which waits for its threads.
os._exit(0)
