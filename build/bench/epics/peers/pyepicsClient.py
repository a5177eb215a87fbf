"""pyepics. argv: metric, channels. Prints one JSON object."""
import time

import epics
from epics import ca

from measure import CHANNELS, Events, METRIC, clock, finish, median, microseconds, names, report_events


def connected(name):
    pv = epics.PV(name, auto_monitor=False)
    pv.wait_for_connection(20)
    return pv


def connect():
    start = clock()
    pvs = [epics.PV(name, auto_monitor=False) for name in names('P:ai')]
    while not all(pv.connected for pv in pvs):
        ca.poll(1e-3, 1.0)
    return {'seconds': clock() - start}


def get():
    pv, seconds = connected('P:ai001'), []
    for _ in range(2200):
        start = clock()
        pv.get(use_monitor=False)
        seconds.append(clock() - start)
    return microseconds(seconds[200:])


def gets():
    wanted, seconds = names('P:ai'), []
    epics.caget_many(wanted)
    for _ in range(10):
        start = clock()
        values = epics.caget_many(wanted)
        seconds.append(clock() - start)
        assert values[10] == 1
    return {'perSecond': CHANNELS / median(seconds)}


def put():
    pv, seconds = connected('P:ao'), []
    for i in range(2100):
        start = clock()
        pv.put(i * .01, wait=True)
        seconds.append(clock() - start)
    return microseconds(seconds[100:])


def wave():
    pv, seconds = connected('P:wf1M'), []
    for _ in range(13):
        start = clock()
        values = pv.get(use_monitor=False, timeout=20)
        seconds.append(clock() - start)
        assert values[999_999] == 999_999
    return {'megabytesPerSecond': 8 / median(seconds[3:])}


def follow(prefix):
    events = Events()

    def count(**_):
        events.count += 1

    pvs = [epics.PV(name, auto_monitor=True, callback=count, form='time') for name in names(prefix)]
    while events.count < len(pvs):
        time.sleep(.01)
    time.sleep(.3)
    return report_events(events)


metrics = {'connect': connect, 'get': get, 'gets': gets, 'put': put, 'wave': wave, 'monitor': lambda: follow('P:gen'), 'scan': lambda: follow('P:c10:'),
           'served': lambda: follow('S:pv')}
finish(metrics[METRIC](), epics.__version__)
