"""caproto's threading client on our server: one JSON line per exchange."""
import json
import sys
import time

import numpy as np
from caproto import ChannelType
from caproto.threading.client import Context

context = Context()


def say(exchange, **what):
    print(json.dumps({'exchange': exchange, **what}), flush=True)


def pv(name):
    found, = context.get_pvs('T:' + name)
    found.wait_for_connection(timeout=15)
    return found


def until(condition, seconds=20):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.01)
    return bool(condition())


def follow(channel):
    responses = []
    subscription = channel.subscribe(data_type='time')

    def heard(_subscription, response):
        responses.append(response)
    subscription.add_callback(heard)
    # caproto holds callbacks weakly.
    responses_of[subscription] = heard
    return responses


responses_of = {}
double = pv('double')
reading = double.read(data_type='time')
say('get', value=float(reading.data[0]), recent=abs(reading.metadata.timestamp - time.time()) < 300)
double.write([2.5], wait=False)
say('put', value=2.5 if until(lambda: double.read().data[0] == 2.5) else float(double.read().data[0]))

slow, done = pv('slow'), pv('done')
done.write([0], wait=True, timeout=15)
before = int(done.read().data[0])
slow.write([1], wait=True, timeout=15)
say('put-callback', before=before, after=int(done.read().data[0]))

counter = pv('counter')
seen = follow(counter)
until(lambda: len(seen) >= 6)
values = [int(response.data[0]) for response in list(seen)]
say('monitor', steps=sorted({b - a for a, b in zip(values, values[1:])}), enough=len(values) >= 6)

choice = pv('enum')
choice.write([b'Fault'], data_type=ChannelType.STRING, wait=True, timeout=15)
states = [state.decode() for state in choice.read(data_type='control').metadata.enum_strings]
say('enum', states=states, value=int(choice.read().data[0]), text=choice.read(data_type=ChannelType.STRING).data[0].decode())

text = pv('string')
text.write(['Röntgen 5 µm'.encode()], wait=True, timeout=15)
say('string', value=text.read().data[0].decode())

array = pv('array')
sent = np.sin(np.arange(500.0)) * 1e9
array.write(sent, wait=True, timeout=15)
back = array.read(data_count=0).data
say('array', count=len(back), equal=bool((back == sent).all()))

levels = follow(double)
heard = []
for value, severity in ((95, 2), (85, 1), (0, 0)):
    double.write([float(value)], wait=True, timeout=15)
    until(lambda: levels and levels[-1].data[0] == value and int(levels[-1].metadata.severity) == severity)
    heard.append(int(levels[-1].metadata.severity))
say('alarm', severities=heard)

print('restart', flush=True)
lost = until(lambda: not counter.connected)
sys.stdin.readline()
del seen[:]
again = until(lambda: counter.connected and len(seen) > 2, 60)
say('reconnect', lost=lost, again=again)
