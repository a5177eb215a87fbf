"""pyepics as a client of the simulated beamline: does what a beamline's scripts do, and prints what it saw as one JSON line."""
import json
import time

import epics
import numpy as np

result = {}


def connected(name):
    pv = epics.PV(name)
    assert pv.wait_for_connection(timeout=10), name + ' did not connect'
    return pv


def wait_until(condition, seconds=10):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        epics.ca.poll(0.01)
    return bool(condition())


def get():
    pv = connected('SIM:TEST:UM')
    value = pv.get_with_metadata(form='ctrl')
    return {key: value[key] for key in ('value', 'units', 'precision', 'upper_ctrl_limit', 'lower_disp_limit', 'severity')}


def types():
    seen = {}
    for name in ('STRING', 'SHORT', 'FLOAT', 'ENUM', 'CHAR', 'LONG', 'DOUBLE'):
        pv = connected('SIM:TEST:' + name)
        value = pv.get()
        seen[name] = [pv.type, value if isinstance(value, str) else float(value), pv.get(as_string=True)]
    return seen


def severities():
    return [connected('SIM:TEST:' + name).get_with_metadata(form='time')['severity'] for name in ('NO_ALARM', 'MINOR', 'MAJOR', 'INVALID')]


def enums():
    shutter = connected('SIM:FE:SHUTTER')
    before = shutter.get(as_string=True)
    shutter.put('Closed', wait=True, timeout=10)
    closed = [shutter.get(), shutter.get(as_string=True), epics.caget('SIM:FE:SHUTTER_STATUS', as_string=True), epics.caget('SIM:I0')]
    shutter.put(1, wait=True, timeout=10)
    return {'states': list(shutter.enum_strs), 'before': before, 'closed': closed, 'after': shutter.get(as_string=True),
            'sixteen': len(connected('SIM:TEST:ENUM16').enum_strs)}


def completion():
    pv = connected('SIM:TEST:SLOW_PUT')
    started = time.time()
    status = pv.put(7.5, wait=True, timeout=20)
    return {'status': status, 'seconds': time.time() - started, 'value': pv.get()}


def monitor():
    seen = []
    pv = epics.PV('SIM:TEST:COUNTER', callback=lambda value=None, timestamp=None, **_: seen.append((value, timestamp)))
    wait_until(lambda: len(seen) >= 8)
    pv.clear_callbacks()
    values = [value for value, _ in seen]
    return {'steps': sorted({after - before for before, after in zip(values, values[1:])}), 'count': len(values),
            'rising': all(b > a for (_, a), (_, b) in zip(seen, seen[1:])), 'age': abs(time.time() - seen[-1][1])}


def motor():
    device = epics.Motor('SIM:M3')
    done = []
    device.PV('DMOV').add_callback(lambda value=None, **_: done.append(value))
    connected('SIM:M3.RBV')
    wait_until(lambda: done)
    moved = device.move(2.5, wait=True, timeout=20)
    wait_until(lambda: done and done[-1] == 1)
    outside = epics.caput('SIM:M3.VAL', 1000, wait=True, timeout=10)
    return {'moved': moved, 'readback': device.get('RBV'), 'done': done, 'outside': outside, 'value': epics.caget('SIM:M3.VAL'),
            'violation': epics.caget('SIM:M3.LVIO'), 'severity': connected('SIM:M3.VAL').get_with_metadata(form='time')['severity'],
            'units': device.get('EGU'), 'alias': epics.caget('SIM:M3')}


def stop():
    pv = connected('SIM:M4.VAL')
    pv.put(170)
    time.sleep(0.5)
    epics.caput('SIM:M4.STOP', 1, wait=True, timeout=10)
    return {'done': epics.caget('SIM:M4.DMOV'), 'position': epics.caget('SIM:M4.RBV'), 'value': epics.caget('SIM:M4.VAL')}


def million():
    pv = connected('SIM:TEST:WAVE_MILLION')
    before = pv.get(timeout=20)
    sent = np.arange(1_000_000) * 0.5
    pv.put(sent, wait=True, timeout=20)
    after = epics.caget('SIM:TEST:WAVE_MILLION', timeout=20)
    return {'count': len(before), 'right': bool((before == np.arange(1_000_000)).all()), 'back': bool((after == sent).all())}


def empty():
    return len(connected('SIM:TEST:WAVE_EMPTY').get())


def read_only():
    pv = connected('SIM:TEST:READONLY')
    try:
        outcome = epics.ca.put(pv.chid, 3.0, wait=True, timeout=5)
    except Exception as error:  # pyepics has no class of its own for it
        outcome = str(error)
    return {'access': pv.access, 'outcome': outcome, 'value': pv.get()}


def scan():
    positions = np.linspace(0, 2.5, 51)
    counts = []
    for position in positions:
        epics.caput('SIM:M1', position, wait=True, timeout=10)
        counts.append(epics.caget('SIM:I1'))
    counts = np.array(counts)
    return {'centre': float((positions * counts).sum() / counts.sum()), 'highest': float(counts.max()), 'lowest': float(counts.min())}


def detector():
    epics.caput('SIM:DET1:cam1:NumImages', 2, wait=True)
    before = epics.caget('SIM:DET1:cam1:ArrayCounter_RBV')
    epics.caput('SIM:DET1:cam1:Acquire', 1, wait=True, timeout=20)
    picture = epics.caget('SIM:DET1:image1:ArrayData', timeout=20)
    return {'taken': epics.caget('SIM:DET1:cam1:ArrayCounter_RBV') - before, 'pixels': len(picture),
            'sum': float(picture.sum()), 'total': epics.caget('SIM:DET1:stats1:Total_RBV')}


for task in (get, types, severities, enums, completion, monitor, motor, stop, million, empty, read_only, scan, detector):
    result[task.__name__] = task()
print(json.dumps(result), flush=True)
