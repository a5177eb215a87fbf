"""caproto's threading client on the simulated beamline; prints what it saw as one JSON line."""
import json
import threading
import time

import numpy as np
from caproto import ChannelType
from caproto.threading.client import Context

context = Context()
names = ['SIM:RING:CURRENT', 'SIM:FE:SHUTTER', 'SIM:M5', 'SIM:M5.RBV', 'SIM:TEST:SLOW_PUT', 'SIM:TEST:COUNTER', 'SIM:TEST:WAVE_MILLION',
         'SIM:TEST:WAVE_EMPTY', 'SIM:TEST:READONLY', 'SIM:TEST:STRING', 'SIM:TEST:NAN', 'SIM:TEST:LONG', 'SIM:TEST:DEGC']
pvs = dict(zip(names, context.get_pvs(*names)))
for pv in pvs.values():
    pv.wait_for_connection(timeout=10)
result = {}

reading = pvs['SIM:RING:CURRENT'].read(data_type='control')
result['get'] = {'value': reading.data[0], 'units': reading.metadata.units.decode(), 'upper': reading.metadata.upper_disp_limit}

shutter = pvs['SIM:FE:SHUTTER']
result['enum'] = {
    'states': [state.decode() for state in shutter.read(data_type='control').metadata.enum_strings],
    'text': shutter.read(data_type=ChannelType.STRING).data[0].decode(),
}

started = time.time()
pvs['SIM:TEST:SLOW_PUT'].write([3.5], wait=True, timeout=20)
result['completion'] = {'seconds': time.time() - started, 'value': pvs['SIM:TEST:SLOW_PUT'].read().data[0]}

seen = []
enough = threading.Event()


def heard(subscription, response):
    seen.append(int(response.data[0]))
    if len(seen) >= 8:
        enough.set()


subscription = pvs['SIM:TEST:COUNTER'].subscribe(data_type='time')
subscription.add_callback(heard)
enough.wait(10)
subscription.clear()
result['monitor'] = sorted({after - before for before, after in zip(seen, seen[1:])})

pvs['SIM:M5'].write([7.0], wait=True, timeout=20)
result['motor'] = {'readback': pvs['SIM:M5.RBV'].read().data[0], 'value': pvs['SIM:M5'].read().data[0]}

wave = pvs['SIM:TEST:WAVE_MILLION'].read(timeout=20).data
result['million'] = {'count': len(wave), 'finite': bool(np.isfinite(wave).all())}
result['empty'] = len(pvs['SIM:TEST:WAVE_EMPTY'].read(data_count=0).data)
result['nan'] = str(pvs['SIM:TEST:NAN'].read().data[0])
result['units'] = pvs['SIM:TEST:DEGC'].read(data_type='control').metadata.units.decode('utf-8')
result['string'] = pvs['SIM:TEST:STRING'].read().data[0].decode('utf-8')
result['alarm'] = int(context.get_pvs('SIM:TEST:MAJOR')[0].read(data_type='time').metadata.severity)

read_only = pvs['SIM:TEST:READONLY']
outcome = read_only.write([1.0], wait=True, timeout=5).status.name
result['read_only'] = {'outcome': outcome, 'rights': int(read_only.channel.access_rights), 'value': read_only.read().data[0]}

refused = pvs['SIM:TEST:LONG'].write(b'no number', data_type=ChannelType.STRING, wait=True, timeout=5)
result['refused'] = refused.status.name

print(json.dumps(result), flush=True)
