"""The IOC of the EPICS benchmark: EPICS base with QSRV from the wheels, Channel Access and pvAccess. argv: database, generator library.
Takes commands on stdin, one a line: `generate CHANNELS RATE SECONDS`, `gate 0|1`; answers each with one line. Ends when stdin closes."""
import ctypes
import os
import sys

from epicscorelibs import ioc
import pvxslibs.path

os.environ.setdefault('PVXS_QSRV_ENABLE', 'YES')
ioc.start_ioc(dbs=[(sys.argv[1], '')], extra_dbd_load=(('pvxsIoc.dbd', pvxslibs.path.dbd_path),), extra_dso_load=('pvxslibs.lib.pvxsIoc',))
generator = ctypes.CDLL(sys.argv[2])
generator.generatorRun.restype = ctypes.c_long
generator.generatorRun.argtypes = (ctypes.c_int, ctypes.c_double, ctypes.c_double)
generator.generatorPrepare()
print('READY', flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    if command == 'generate':
        print(generator.generatorRun(int(rest[0]), float(rest[1]), float(rest[2])), flush=True)
    elif command == 'gate':
        generator.generatorGate(int(rest[0]))
        print('ok', flush=True)
os._exit(0)
