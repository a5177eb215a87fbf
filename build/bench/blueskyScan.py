# bluesky beside our engine: PLAN POINTS, with ophyd's simulated devices and a JSON line a document that is synced. Prints milliseconds a point.
import json
import os
import sys
import tempfile
import time
import warnings

warnings.filterwarnings('ignore')

import bluesky
from bluesky import RunEngine
from bluesky.plans import count, scan
from ophyd.sim import det, motor

plan, points = sys.argv[1], int(sys.argv[2])
engine = RunEngine({})
times = []
with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, 'run.jsonl'), 'w') as journal:
    def record(name, doc):
        journal.write(json.dumps([name, doc], default=str) + '\n')
        journal.flush()
        os.fsync(journal.fileno())
        if name == 'event':
            times.append(time.perf_counter())

    engine.subscribe(record)
    engine(count([det], num=points) if plan == 'count' else scan([det], motor, 0, 1, points))
print(json.dumps({'perPoint': (times[-1] - times[0]) * 1000 / (points - 1), 'version': bluesky.__version__}))
