"""Runs the CA repeater of EPICS base itself (libca's ca_repeater) on EPICS_CA_REPEATER_PORT, until its standard input ends."""
import ctypes, glob, os, sys, threading
import epicscorelibs

library = ctypes.CDLL(glob.glob(os.path.join(os.path.dirname(epicscorelibs.__file__), 'lib', 'libca.so*'))[0])
threading.Thread(target=library._Z11ca_repeaterv, daemon=True).start()
print('READY', flush=True)
while sys.stdin.buffer.read(4096):
    pass
os._exit(0)
