"""A real EPICS IOC on loopback (EPICS base, by epicscorelibs), with records that a client writes to. Runs until it is ended.

usage: soft_ioc.py serve RECORDS
Prints {"ready": true, "port": ...} when it answers.
"""
import json
import os
import socket
import sys
import tempfile
import time

try:
    import epicscorelibs
    from epicscorelibs import ioc
except ImportError:
    sys.exit("There is no real IOC for this Python: epicscorelibs is not installed. Install it (endstation lab setup; or %s -m pip install epicscorelibs)." % sys.executable)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    records, port = int(sys.argv[2]), free_port()
    os.environ.update(
        EPICS_CAS_SERVER_PORT=str(port), EPICS_CAS_INTF_ADDR_LIST="127.0.0.1",
        EPICS_CAS_AUTO_BEACON_ADDR_LIST="NO", EPICS_CAS_BEACON_ADDR_LIST="127.0.0.1", EPICS_CAS_BEACON_PORT=str(free_port()),
    )
    with tempfile.NamedTemporaryFile("w", suffix=".db", delete=False) as database:
        for index in range(records):
            database.write('record(waveform, "LAB:POLLING:%d") { field(FTVL, "DOUBLE") field(NELM, "2") }\n' % index)
    # What the IOC says of itself is no line of ours.
    output = os.dup(1)
    os.dup2(2, 1)
    try:
        ioc.start_ioc(dbs=[(database.name, "")])
    finally:
        os.unlink(database.name)
    version = getattr(epicscorelibs, "__version__", "")
    os.write(output, (json.dumps({"ready": True, "port": port, "version": version}) + "\n").encode())
    # Until it is ended; who started it may be gone without having done so.
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
