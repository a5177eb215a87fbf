"""p4p (pvxs) as a client of the simulated beamline: does what a beamline's scripts do, and prints what it saw as one JSON line."""
import json
import threading
import time

import numpy as np
from p4p.client.thread import Context, RemoteError
from p4p.nt import NTURI

context = Context('pva')
result = {}


def plain(value):
    """A p4p Value, or what it holds, as JSON can say it."""
    if hasattr(value, 'todict'):
        value = value.todict()
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def refusal(work):
    try:
        work()
    except RemoteError as error:
        return str(error)
    return None


class Watched:
    """Everything that a monitor brought."""

    def __init__(self, name, request=None):
        self.values = []
        self.changed = threading.Condition()
        self.subscription = context.monitor(name, self.take, request=request)

    def take(self, value):
        with self.changed:
            self.values.append(value)
            self.changed.notify_all()

    def until(self, condition, seconds=20):
        with self.changed:
            return self.changed.wait_for(lambda: condition(self.values), seconds)

    def close(self):
        self.subscription.close()
        return self.values


def get():
    value = context.get('SIM:TEST:UM', timeout=10)
    return {'id': value.raw.getID(), **plain(value.raw)}


def types():
    seen = {}
    for name in ('STRING', 'SHORT', 'FLOAT', 'ENUM', 'CHAR', 'LONG', 'DOUBLE'):
        raw = context.get('SIM:TEST:' + name).raw
        seen[name] = [raw.getID(), str(raw.type()['value']) if name != 'ENUM' else 'enum_t', plain(raw.value)]
    return seen


def numbers():
    return [plain(float(context.get('SIM:TEST:' + name))) for name in ('NAN', 'INF', 'NINF')]


def severities():
    values = [context.get('SIM:TEST:' + name) for name in ('NO_ALARM', 'MINOR', 'MAJOR', 'INVALID')]
    return [[int(value.severity), int(value.status), value.raw.alarm.message] for value in values]


def enums():
    before = str(context.get('SIM:FE:SHUTTER'))
    context.put('SIM:FE:SHUTTER', 'Closed', wait=True, timeout=10)
    closed = [int(context.get('SIM:FE:SHUTTER')), str(context.get('SIM:FE:SHUTTER_STATUS')), float(context.get('SIM:I0'))]
    context.put('SIM:FE:SHUTTER', 1, wait=True, timeout=10)
    return {'before': before, 'closed': closed, 'after': str(context.get('SIM:FE:SHUTTER')),
            'sixteen': len(context.get('SIM:TEST:ENUM16').raw.value.choices),
            'refused': refusal(lambda: context.put('SIM:FE:SHUTTER', 7, wait=True))}


def completion():
    started = time.time()
    context.put('SIM:TEST:SLOW_PUT', 7.5, wait=True, timeout=20)
    waited = time.time() - started
    value = float(context.get('SIM:TEST:SLOW_PUT'))
    started = time.time()
    context.put('SIM:TEST:SLOW_PUT', 8.5, timeout=20)
    return {'waited': waited, 'value': value, 'sent': time.time() - started, 'before': float(context.get('SIM:TEST:SLOW_PUT'))}


def motor():
    done = Watched('SIM:M1.DMOV')
    context.put('SIM:M1', 2.5, wait=True, timeout=30)
    moved = {'readback': float(context.get('SIM:M1.RBV')), 'value': float(context.get('SIM:M1.VAL'))}
    done.until(lambda values: len(values) >= 3)
    return {**moved, 'done': [int(value) for value in done.close()][:3],
            'limits': [context.get('SIM:M1').raw.control.limitLow, context.get('SIM:M1').raw.control.limitHigh],
            'units': context.get('SIM:M1').raw.display.units}


def monitor(request=None):
    counter = Watched('SIM:TEST:COUNTER', request)
    counter.until(lambda values: len(values) >= 12)
    values = counter.close()
    # With a request of one's own p4p gives the structure as it is.
    numbers = [int(value if request is None else value.value) for value in values]
    return {'steps': sorted(set(np.diff(numbers).tolist())), 'age': abs(time.time() - values[-1].timestamp) if request is None else 0}


def refused():
    return {'read_only': refusal(lambda: context.put('SIM:TEST:READONLY', 1)), 'value': float(context.get('SIM:TEST:READONLY')),
            'outside': refusal(lambda: context.put('SIM:ID:GAP', 1000)), 'waiting': refusal(lambda: context.put('SIM:ID:GAP', 1000, wait=True)),
            'long': refusal(lambda: context.put('SIM:TEST:WAVE', np.zeros(1001), wait=True)),
            'no_rpc': refusal(lambda: context.rpc('SIM:TEST:UM', None))}


def arrays():
    wave = context.get('SIM:TEST:WAVE')
    million = context.get('SIM:TEST:WAVE_MILLION', timeout=30)
    context.put('SIM:TEST:WAVE_MILLION', np.asarray(million)[::-1].copy(), wait=True, timeout=30)
    back = context.get('SIM:TEST:WAVE_MILLION', timeout=30)
    context.put('SIM:TEST:WAVE_MILLION', np.asarray(million), wait=True, timeout=30)
    context.put('SIM:TEST:WAVE_STRING', ['Röntgen', '', 'x' * 300], wait=True)
    return {'wave': [len(wave), float(wave[250])], 'million': [len(million), bool((million == np.arange(1_000_000)).all()), float(back[0])],
            'strings': list(context.get('SIM:TEST:WAVE_STRING')), 'empty': len(context.get('SIM:TEST:WAVE_EMPTY')),
            'text': bytes(context.get('SIM:TEST:LONG_STRING').tolist()).decode('utf8')}


def camera():
    for name, value in (('ImageMode', 'Multiple'), ('NumImages', 2), ('AcquireTime', 0.05)):
        context.put('SIM:DET1:cam1:' + name, value, wait=True)
    pictures = Watched('SIM:DET1:Pva1:Image')
    pictures.until(lambda values: len(values) >= 1)
    context.put('SIM:DET1:cam1:Acquire', 1, wait=True, timeout=20)
    pictures.until(lambda values: len(values) >= 3)
    taken = pictures.close()
    last = taken[-1]
    return {'id': last.raw.getID(), 'ids': [int(np.diff([picture.raw.uniqueId for picture in taken])[0]), len(taken)], 'shape': list(last.shape), 'type': str(last.dtype),
            'attributes': plain(last.attrib), 'sum': int(np.asarray(last).astype(np.int64).sum()), 'total': float(context.get('SIM:DET1:stats1:Total_RBV'))}


def rpc():
    add = NTURI([('a', 'd'), ('b', 'd')])
    find = NTURI([('pattern', 's')])
    table = context.rpc('SIM:RPC:PVS', find.wrap('SIM:RPC:PVS', kws={'pattern': 'SIM:FE:'}))
    return {'sum': context.rpc('SIM:RPC:SUM', add.wrap('SIM:RPC:SUM', kws={'a': 1.5, 'b': 2})).value, 'id': table.getID(), 'labels': table.labels,
            'pvs': sorted(table.value.pv), 'refused': refusal(lambda: context.rpc('SIM:RPC:SUM', find.wrap('x', kws={'pattern': 'y'}))),
            'get': refusal(lambda: context.get('SIM:RPC:SUM'))}


def fields():
    value = context.get('SIM:TEST:UM', request='field(value,alarm)')
    return sorted(getattr(value, 'raw', value).changedSet())


def many():
    names = ['SIM:TEST:UM', 'SIM:NOT:THERE', 'SIM:RING:CURRENT']
    values = context.get(names, timeout=3, throw=False)
    return [type(value).__name__ if isinstance(value, Exception) else float(getattr(value, 'raw', value).value) > 0 for value in values]


for step in (get, types, numbers, severities, enums, completion, motor, monitor, refused, arrays, camera, rpc, fields, many):
    result[step.__name__] = step()
result['pipeline'] = monitor('record[pipeline=true,queueSize=3]')
context.close()
print(json.dumps(result))
