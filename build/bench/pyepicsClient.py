"""The pyepics side of the EPICS benchmark: argv: metric, channels. Prints one JSON object of measured figures."""
import json
import resource
import sys
import time

import epics
import numpy

metric, channels = sys.argv[1], int(sys.argv[2])


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


def connected(names, **options):
    pvs = [epics.PV(n, **options) for n in names]
    for pv in pvs:
        if not pv.wait_for_connection(timeout=30):
            raise SystemExit('not connected: ' + pv.pvname)
    return pvs


def microseconds(times):
    a = numpy.array(times) * 1e6
    return {'median': float(numpy.median(a)), 'p99': float(numpy.percentile(a, 99))}


def connect():
    start = time.perf_counter()
    connected(['B:ai%d' % i for i in range(channels)], auto_monitor=False)
    return {'seconds': time.perf_counter() - start}


def get():
    pv, = connected(['B:ai7'], auto_monitor=False)
    times = []
    for _ in range(2200):
        start = time.perf_counter()
        pv.get(use_monitor=False)
        times.append(time.perf_counter() - start)
    return microseconds(times[200:])


def put():
    pv, = connected(['B:ao'], auto_monitor=False)
    times = []
    for i in range(1100):
        start = time.perf_counter()
        pv.put(i, wait=True)
        times.append(time.perf_counter() - start)
    return microseconds(times[100:])


def wave():
    pv, = connected(['B:wave'], auto_monitor=False)
    pv.put(numpy.arange(1000000.0), wait=True, timeout=30)
    times = []
    for _ in range(12):
        start = time.perf_counter()
        value = pv.get(use_monitor=False, timeout=30)
        times.append(time.perf_counter() - start)
        assert len(value) == 1000000
    return {'megabytesPerSecond': 8 / float(numpy.median(times[2:]))}


def monitor():
    count = [0]

    def changed(**_):
        count[0] += 1

    connected(['B:c%d' % i for i in range(channels)], callback=changed, auto_monitor=True)
    epics.caput('B:gate', 0, wait=True)
    time.sleep(1)
    c0, n0, t0 = cpu(), count[0], time.perf_counter()
    time.sleep(5)
    seconds, n, used = time.perf_counter() - t0, count[0] - n0, cpu() - c0
    epics.caput('B:gate', 1, wait=True)
    return {'perSecond': n / seconds, 'cpuPerEvent': used / max(n, 1) * 1e6}


print(json.dumps({**{'connect': connect, 'get': get, 'put': put, 'wave': wave, 'monitor': monitor}[metric](), 'version': epics.__version__}), flush=True)
import os
os._exit(0)
