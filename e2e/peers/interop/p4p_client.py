"""p4p (pvxs) on our server: one JSON line per exchange."""
import json
import sys
import time

import numpy as np
from p4p.client.thread import Context, Disconnected

context = Context('pva')


def say(exchange, **what):
    print(json.dumps({'exchange': exchange, **what}), flush=True)


def until(condition, seconds=20):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.01)
    return bool(condition())


value = context.get('T:double', timeout=15)
say('get', value=float(value), recent=abs(value.timestamp - time.time()) < 300)
context.put('T:double', 2.5, timeout=15)
say('put', value=2.5 if until(lambda: float(context.get('T:double')) == 2.5) else float(context.get('T:double')))

context.put('T:done', 0, wait=True, timeout=15)
before = int(context.get('T:done'))
context.put('T:slow', 1, wait=True, timeout=15)
say('put-callback', before=before, after=int(context.get('T:done')))

seen = []
subscription = context.monitor('T:counter', seen.append, notify_disconnect=True)
until(lambda: sum(not isinstance(value, Disconnected) for value in list(seen)) >= 6)
values = [int(value) for value in list(seen) if not isinstance(value, Disconnected)]
say('monitor', steps=sorted({b - a for a, b in zip(values, values[1:])}), enough=len(values) >= 6)

context.put('T:enum', 'Fault', wait=True, timeout=15)
choice = context.get('T:enum')
say('enum', states=list(choice.raw.value.choices), value=int(choice), text=str(choice))

context.put('T:string', 'Röntgen 5 µm', wait=True, timeout=15)
say('string', value=str(context.get('T:string').raw.value))

sent = np.sin(np.arange(500.0)) * 1e9
context.put('T:array', sent, wait=True, timeout=15)
back = context.get('T:array')
say('array', count=len(back), equal=bool((back == sent).all()))

levels = []
watch = context.monitor('T:double', lambda value: levels.append([float(value), int(value.severity)]))
heard = []
for number, severity in ((95, 2), (85, 1), (0, 0)):
    context.put('T:double', number, wait=True, timeout=15)
    until(lambda: levels and levels[-1] == [number, severity])
    heard.append(levels[-1][1])
say('alarm', severities=heard)

print('restart', flush=True)
lost = until(lambda: isinstance(seen[-1], Disconnected))
sys.stdin.readline()
again = until(lambda: len(seen) > 3 and not any(isinstance(value, Disconnected) for value in seen[-3:]), 60)
say('reconnect', lost=lost, again=again)
context.close()
