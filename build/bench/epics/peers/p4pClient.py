"""p4p's threading client (pvAccess). argv: metric, channels. Prints one JSON object."""
import time
from importlib.metadata import version

from p4p.client.thread import Context

from measure import CHANNELS, Events, METRIC, clock, finish, median, microseconds, names, report_events

context = Context('pva')


def connect():
    # It has no connect without a request: this is the first get of each.
    start = clock()
    context.get(names('P:ai'), timeout=60)
    return {'seconds': clock() - start}


def get():
    seconds = []
    for _ in range(2200):
        start = clock()
        context.get('P:ai001')
        seconds.append(clock() - start)
    return microseconds(seconds[200:])


def gets():
    wanted, seconds = names('P:ai'), []
    context.get(wanted, timeout=60)
    for _ in range(10):
        start = clock()
        context.get(wanted)
        seconds.append(clock() - start)
    return {'perSecond': CHANNELS / median(seconds)}


def put():
    seconds = []
    for i in range(2100):
        start = clock()
        context.put('P:ao', i * .01, wait=True, get=False)
        seconds.append(clock() - start)
    return microseconds(seconds[100:])


def wave():
    seconds = []
    for _ in range(13):
        start = clock()
        values = context.get('P:wf1M', timeout=20)
        seconds.append(clock() - start)
        assert values[999_999] == 999_999
    return {'megabytesPerSecond': 8 / median(seconds[3:])}


def follow(prefix):
    events = Events()

    def count(_value):
        events.count += 1

    subscriptions = [context.monitor(name, count) for name in names(prefix)]
    while events.count < len(subscriptions):
        time.sleep(.01)
    time.sleep(.5)
    return report_events(events)


metrics = {'connect': connect, 'get': get, 'gets': gets, 'put': put, 'wave': wave, 'monitor': lambda: follow('P:gen'), 'scan': lambda: follow('P:c10:')}
finish(metrics[METRIC](), version('p4p'))
