"""aioca. argv: metric, channels. Prints one JSON object."""
import asyncio
from importlib.metadata import version

from aioca import FORMAT_TIME, caget, camonitor, caput, connect as connect_all

from measure import CHANNELS, Events, METRIC, clock, finish, median, microseconds, names


async def connect():
    start = clock()
    await connect_all(names('P:ai'), timeout=60)
    return {'seconds': clock() - start}


async def get():
    seconds = []
    for _ in range(2200):
        start = clock()
        await caget('P:ai001', format=FORMAT_TIME)
        seconds.append(clock() - start)
    return microseconds(seconds[200:])


async def gets():
    wanted, seconds = names('P:ai'), []
    await caget(wanted, timeout=30)
    for _ in range(10):
        start = clock()
        await caget(wanted, format=FORMAT_TIME)
        seconds.append(clock() - start)
    return {'perSecond': CHANNELS / median(seconds)}


async def put():
    seconds = []
    for i in range(2100):
        start = clock()
        await caput('P:ao', i * .01, wait=True)
        seconds.append(clock() - start)
    return microseconds(seconds[100:])


async def wave():
    seconds = []
    for _ in range(13):
        start = clock()
        values = await caget('P:wf1M', timeout=20)
        seconds.append(clock() - start)
        assert values[999_999] == 999_999
    return {'megabytesPerSecond': 8 / median(seconds[3:])}


async def follow(prefix):
    events = Events()

    def count(_value, _index):
        events.count += 1

    subscriptions = camonitor(names(prefix), count, format=FORMAT_TIME, all_updates=True)
    while events.count < len(subscriptions):
        await asyncio.sleep(.01)
    await asyncio.sleep(.3)
    # Lines are read beside the event loop: it must go on meanwhile.
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, events.ready)
    pauses = events.drained()
    while (pause := await loop.run_in_executor(None, next, pauses, None)) is not None:
        await asyncio.sleep(pause)
    return events.result()


metrics = {'connect': connect, 'get': get, 'gets': gets, 'put': put, 'wave': wave, 'monitor': lambda: follow('P:gen'), 'scan': lambda: follow('P:c10:')}
finish(asyncio.run(metrics[METRIC]()), version('aioca'))
