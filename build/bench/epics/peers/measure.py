"""What the Python programs of the EPICS benchmark share: figures, and the talk with the benchmark on stdin and stdout."""
import json
import os
import resource
import sys
import time

METRIC = sys.argv[1]
CHANNELS = int(sys.argv[2]) if len(sys.argv) > 2 else 1
clock = time.perf_counter


def names(prefix, n=CHANNELS):
    return ['%s%03d' % (prefix, i) for i in range(n)]


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident_megabytes():
    with open('/proc/self/statm') as f:
        return int(f.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6


def median(seconds):
    return sorted(seconds)[len(seconds) // 2]


def microseconds(seconds):
    ordered = sorted(seconds)
    return {'median': ordered[len(ordered) // 2] * 1e6, 'p99': ordered[int(len(ordered) * .99)] * 1e6}


def say(text):
    print(text, flush=True)


class Events:
    """READY, then a line: events count from now on; then another: once no more come, `result`. `rest(seconds)` lets the client work."""

    def __init__(self):
        self.count = 0

    def ready(self):
        say('READY')
        sys.stdin.readline()
        self.before, self.cpu = self.count, cpu_seconds()
        say('COUNTING')

    def drained(self):
        """A generator of the pauses to make."""
        sys.stdin.readline()
        seen, quiet_since = -1, time.monotonic()
        self.last = quiet_since
        while time.monotonic() - quiet_since < .5:
            if self.count != seen:
                seen = self.count
                self.last = quiet_since = time.monotonic()
            yield .02

    def result(self):
        return {'received': self.count - self.before, 'drained': self.last, 'cpu': cpu_seconds() - self.cpu, 'memory': resident_megabytes()}


def report_events(events):
    """For clients with threads of their own."""
    events.ready()
    for pause in events.drained():
        time.sleep(pause)
    return events.result()


def finish(result, version):
    say(json.dumps({**result, 'version': version}))
    os._exit(0)
