"""caproto's threading client. argv: metric, channels. Prints one JSON object."""
import threading
import time

import caproto
from caproto.threading.client import Batch, Context

from measure import CHANNELS, Events, METRIC, clock, finish, median, microseconds, names, report_events

context = Context(timeout=20)


def connected(wanted):
    pvs = context.get_pvs(*wanted)
    for pv in pvs:
        pv.wait_for_connection(timeout=60)
    return pvs


def connect():
    start = clock()
    connected(names('P:ai'))
    return {'seconds': clock() - start}


def get():
    (pv,), seconds = connected(['P:ai001']), []
    for _ in range(2200):
        start = clock()
        pv.read(data_type='time')
        seconds.append(clock() - start)
    return microseconds(seconds[200:])


def read_all(pvs):
    done, lock, left = threading.Event(), threading.Lock(), [len(pvs)]

    def one(_):
        with lock:
            left[0] -= 1
            if left[0] == 0:
                done.set()

    with Batch(timeout=20) as batch:
        for pv in pvs:
            batch.read(pv, one, data_type='time')
    assert done.wait(30)


def gets():
    pvs, seconds = connected(names('P:ai')), []
    read_all(pvs)
    for _ in range(10):
        start = clock()
        read_all(pvs)
        seconds.append(clock() - start)
    return {'perSecond': CHANNELS / median(seconds)}


def put():
    (pv,), seconds = connected(['P:ao']), []
    for i in range(2100):
        start = clock()
        pv.write([i * .01], wait=True, notify=True)
        seconds.append(clock() - start)
    return microseconds(seconds[100:])


def wave():
    (pv,), seconds = connected(['P:wf1M']), []
    for _ in range(13):
        start = clock()
        values = pv.read(timeout=20).data
        seconds.append(clock() - start)
        assert values[999_999] == 999_999
    return {'megabytesPerSecond': 8 / median(seconds[3:])}


def follow(prefix):
    events, pvs = Events(), connected(names(prefix))

    def count(_subscription, _response):
        events.count += 1

    subscriptions = [pv.subscribe(data_type='time') for pv in pvs]
    for subscription in subscriptions:
        subscription.add_callback(count)
    while events.count < len(pvs):
        time.sleep(.01)
    time.sleep(.3)
    return report_events(events)


metrics = {'connect': connect, 'get': get, 'gets': gets, 'put': put, 'wave': wave, 'monitor': lambda: follow('P:gen'), 'scan': lambda: follow('P:c10:')}
finish(metrics[METRIC](), caproto.__version__)
