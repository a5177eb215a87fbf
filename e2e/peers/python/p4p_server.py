"""A p4p server (pvxs) for our client's tests: scalars, arrays, enum, NTTable, NTNDArray, union, any, RPC. Ports by EPICS_PVAS_*."""
import os, signal, sys, threading, time

import numpy
from p4p import Type, Value
from p4p.nt import NTEnum, NTNDArray, NTScalar, NTTable
from p4p.server import Server, StaticProvider
from p4p.server.thread import SharedPV

provider = StaticProvider('p4p')

def serve(name, nt=None, initial=None, put=True):
    pv = SharedPV(nt=nt, initial=initial) if nt else SharedPV(initial=initial)
    if put:
        @pv.put
        def handle(pv, op):
            raw = op.value()
            if op.name().endswith(':refusing'):
                return op.done(error='not today')
            pv.post(raw)
            op.done()
    provider.add(name, pv)
    return pv

for code in 'bBhHiIlLfd':
    serve('P4P:scalar:' + code, NTScalar(code), 1)
    serve('P4P:array:' + code, NTScalar('a' + code), numpy.array([1, 2, 3]))
serve('P4P:bool', NTScalar('?'), True)
serve('P4P:string', NTScalar('s'), 'hällo')
serve('P4P:strings', NTScalar('as'), ['a', '', 'c'])
serve('P4P:enum', NTEnum(), {'index': 1, 'choices': ['Off', 'On', 'Fault']})
serve('P4P:refusing', NTScalar('d'), 1.0)
serve('P4P:meta', NTScalar('d', display=True, control=True, valueAlarm=True),
      {'value': 2.5, 'display.units': 'mm', 'display.limitLow': -1, 'display.limitHigh': 9, 'control.limitLow': -2, 'control.limitHigh': 8})
serve('P4P:table', NTTable([('x', 'd'), ('name', 's')]), [{'x': 1.5, 'name': 'a'}, {'x': 2.5, 'name': 'b'}])
serve('P4P:image', NTNDArray(), numpy.arange(12, dtype='u2').reshape(3, 4))
odd = Type([('value', 'v'), ('choice', ('U', 'c', [('a', 'i'), ('b', 's')])), ('list', ('aS', 'e', [('n', 'i')])), ('things', 'av')], id='test:odd')
serve('P4P:odd', initial=Value(odd, {'value': 4.5, 'choice': ('b', 'text'), 'list': [{'n': 1}, {'n': 2}], 'things': [1, 'two']}))
counter = serve('P4P:counter', NTScalar('l'), 0)
ended = serve('P4P:ending', NTScalar('i'), 1)

def service(name, opened):
    pv = SharedPV(nt=NTScalar('d'), initial=0.0) if opened else SharedPV()
    @pv.rpc
    def call(pv, op):
        query = op.value().query
        if 'a' not in query:
            return op.done(error='a is missing')
        op.done(NTScalar('d').wrap(float(query.a) + float(query.b)))
    provider.add(name, pv)

service('P4P:sum', True)
service('P4P:sum:only', False)

def tick():
    n = 0
    while True:
        n += 1
        counter.post(n)
        time.sleep(0.02)

with Server(providers=[provider]) as server:
    threading.Thread(target=tick, daemon=True).start()
    print('READY', os.getpid(), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # `close NAME` ends a PV; the end of stdin ends the server.
    for line in sys.stdin:
        if line.startswith('close'):
            ended.close()
    os._exit(0)
