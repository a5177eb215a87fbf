"""Runs test.db, and demo.db of the EPICS library, as a real EPICS softIoc (epicscorelibs). Usage: softioc.py [MANY] [pva]
MANY: how many E2E:many:NNNN calc records to add (10 Hz). pva: serve pvAccess too, by QSRV."""
import os, signal, sys, tempfile
from epicscorelibs import ioc

here = os.path.dirname(os.path.abspath(__file__))
many = int(sys.argv[1]) if len(sys.argv) > 1 else 0
pva = 'pva' in sys.argv[2:]
dbs = [(os.path.join(here, 'test.db'), ''), (os.path.join(here, '../../electron/epics-ioc-connection/examples/demo.db'), '')]
if pva:
    dbs.append((os.path.join(here, 'group.db'), ''))
with tempfile.TemporaryDirectory() as folder:
    if many:
        path = os.path.join(folder, 'many.db')
        with open(path, 'w') as f:
            for i in range(many):
                f.write('record(calc, "E2E:many:%04d") { field(SCAN, ".1 second") field(CALC, "VAL+1") }\n' % i)
        dbs.append((path, ''))
    # asSetFilename only stores the name, so it may go before iocInit.
    ioc.dbCore.asSetFilename(os.path.join(here, 'test.acf').encode())
    ioc.start_ioc(dbs=dbs, extra_dbd_load=ioc.pva_dbd_load if pva else (), extra_dso_load=ioc.pva_dso_load if pva else ())
print('READY', os.getpid(), flush=True)
# Ends with its parent: the tests hold the other end of this pipe.
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
while sys.stdin.buffer.read(4096):
    pass
os._exit(0)
