"""CPU of a program that waits for monitors, with PyEpics.

usage: waiting.py monitor PORT CHANNELS SECONDS   (five times SECONDS)
       waiting.py libca                           where the C library is that PyEpics, or this Python, would use
"""
import json
import os
import sys
import time


def libca():
    try:
        from epicscorelibs.path import get_lib

        return get_lib("ca")
    except ImportError:
        pass
    try:
        from epics.ca import find_libca

        return find_libca()
    except Exception:
        from ctypes.util import find_library

        return find_library("ca")


def take(**_):
    global events
    events += 1


if __name__ == "__main__":
    if sys.argv[1] == "libca":
        print(json.dumps({"libca": libca()}), flush=True)
        sys.exit(0)
    port, channels, seconds = sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    os.environ.update(EPICS_CA_ADDR_LIST="127.0.0.1", EPICS_CA_AUTO_ADDR_LIST="NO", EPICS_CA_SERVER_PORT=port)
    try:
        import epics
    except ImportError:
        sys.exit("PyEpics is not installed for this Python. Install it (endstation lab setup; or %s -m pip install pyepics numpy)." % sys.executable)
    events, parts = 0, []
    pvs = [epics.PV("LAB:POLLING:%d" % index, callback=take, auto_monitor=True) for index in range(channels)]
    if not all([pv.wait_for_connection(10) for pv in pvs]):
        sys.exit("The server on port %s does not answer PyEpics." % port)
    time.sleep(0.5)
    for _ in range(5):
        wall, cpu, before = time.perf_counter(), time.process_time(), events
        time.sleep(seconds)
        parts.append([time.process_time() - cpu, time.perf_counter() - wall, events - before])
    try:
        import resource

        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    except ImportError:
        memory = 0
    print(json.dumps({"parts": parts, "memory": memory}), flush=True)
    # Ends without the library's own clean-up, which waits for its threads.
    os._exit(0)
