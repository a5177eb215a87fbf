"""A p4p server (pvxs) with the PVs of the interop exchanges. Ports by EPICS_PVAS_*."""
import os
import sys
import threading
import time

import numpy
from p4p.nt import NTEnum, NTScalar
from p4p.server import Server, StaticProvider
from p4p.server.thread import SharedPV

provider = StaticProvider('interop')


def serve(name, nt, initial, put):
    pv = SharedPV(nt=nt, initial=initial)
    pv.put(put)
    provider.add('T:' + name, pv)
    return pv


def plain(pv, op):
    pv.post(op.value())
    op.done()


def with_alarm(pv, op):
    raw = op.value().raw if hasattr(op.value(), 'raw') else op.value()
    value = float(raw.value)
    severity = 2 if value > 90 else 1 if value > 80 else 0
    pv.post({'value': value, 'alarm.severity': severity, 'alarm.status': 1 if severity else 0, 'alarm.message': ['', 'HIGH', 'HIHI'][severity],
             'timeStamp.secondsPastEpoch': int(time.time())})
    op.done()


def slowly(pv, op):
    value = op.value()

    def finish():
        time.sleep(0.4)
        pv.post(value)
        done.post(int(value))
        op.done()
    threading.Thread(target=finish, daemon=True).start()


serve('double', NTScalar('d', display=True), {'value': 1.5, 'timeStamp.secondsPastEpoch': int(time.time())}, with_alarm)
serve('enum', NTEnum(), {'index': 0, 'choices': ['Idle', 'Busy', 'Fault']}, plain)
serve('string', NTScalar('s'), '', plain)
serve('array', NTScalar('ad'), numpy.zeros(0), plain)
done = serve('done', NTScalar('i'), 0, plain)
serve('slow', NTScalar('i'), 0, slowly)
counter = serve('counter', NTScalar('i'), 0, plain)


def tick():
    n = 0
    while True:
        n += 1
        counter.post(n)
        time.sleep(0.05)


with Server(providers=[provider]):
    threading.Thread(target=tick, daemon=True).start()
    print('READY', flush=True)
    sys.stdin.read()
    os._exit(0)
