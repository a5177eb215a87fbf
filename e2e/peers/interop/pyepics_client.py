"""pyepics (libca of EPICS base) on our server: one JSON line per exchange."""
import json
import sys
import time

import epics
import numpy as np


def say(exchange, **what):
    print(json.dumps({'exchange': exchange, **what}), flush=True)


def pv(name, **options):
    found = epics.PV('T:' + name, **options)
    assert found.wait_for_connection(timeout=15), name
    return found


def until(condition, seconds=20):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        epics.ca.poll(0.01)
    return bool(condition())


double = pv('double', form='time')
say('get', value=double.get(use_monitor=False), recent=abs(double.timestamp - time.time()) < 300)
double.put(2.5)
say('put', value=2.5 if until(lambda: double.get(use_monitor=False) == 2.5) else double.get())

slow, done = pv('slow'), pv('done')
done.put(0, wait=True, timeout=15)
before = done.get(use_monitor=False)
slow.put(1, wait=True, timeout=15)
say('put-callback', before=before, after=done.get(use_monitor=False))

seen = []
counter = pv('counter', callback=lambda value=None, **_: seen.append(value))
until(lambda: len(seen) >= 6)
values = list(seen)
say('monitor', steps=sorted({b - a for a, b in zip(values, values[1:])}), enough=len(values) >= 6)

choice = pv('enum')
choice.put('Fault', wait=True, timeout=15)
say('enum', states=list(choice.enum_strs), value=choice.get(use_monitor=False), text=choice.get(as_string=True, use_monitor=False))

text = pv('string')
text.put('Röntgen 5 µm', wait=True, timeout=15)
say('string', value=text.get(use_monitor=False))

array = pv('array')
sent = np.sin(np.arange(500.0)) * 1e9
array.put(sent, wait=True, timeout=15)
back = array.get(use_monitor=False)
say('array', count=len(back), equal=bool((back == sent).all()))

levels = []
double.add_callback(lambda value=None, severity=None, **_: levels.append([value, severity]))
heard = []
for value, severity in ((95, 2), (85, 1), (0, 0)):
    double.put(value, wait=True, timeout=15)
    until(lambda: levels and levels[-1] == [value, severity])
    heard.append(levels[-1][1])
say('alarm', severities=heard)

print('restart', flush=True)
lost = until(lambda: not counter.connected)
sys.stdin.readline()
del seen[:]
again = until(lambda: counter.connected and len(seen) > 2, 60)
say('reconnect', lost=lost, again=again)
