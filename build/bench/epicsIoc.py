"""The IOC of the EPICS benchmark: real EPICS base on loopback. argv: number of 10 Hz records. Prints READY, ends when stdin closes."""
import os
import sys
import tempfile

from epicscorelibs import ioc

scanned = int(sys.argv[1])
lines = []
for i in range(1000):
    lines.append('record(ai, "B:ai%d") { field(VAL, "%g") field(PINI, "YES") field(EGU, "mm") field(PREC, "3") }' % (i, i / 10))
lines.append('record(bo, "B:gate") { field(VAL, "1") field(PINI, "YES") }')
for i in range(scanned):
    lines.append('record(calc, "B:c%d") { field(SCAN, ".1 second") field(CALC, "VAL+1") field(SDIS, "B:gate") field(DISV, "1") }' % i)
lines.append('record(ao, "B:ao") { field(VAL, "0") field(PINI, "YES") }')
lines.append('record(waveform, "B:wave") { field(FTVL, "DOUBLE") field(NELM, "1000000") }')
with tempfile.NamedTemporaryFile('w', suffix='.db', delete=False) as f:
    f.write('\n'.join(lines) + '\n')
try:
    ioc.start_ioc(dbs=[(f.name, '')])
finally:
    os.unlink(f.name)
print('READY', flush=True)
sys.stdin.read()
os._exit(0)
