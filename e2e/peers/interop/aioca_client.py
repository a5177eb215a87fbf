"""aioca (libca with asyncio) on our server: one JSON line per exchange."""
import asyncio
import json
import sys
import time

import numpy as np
from aioca import FORMAT_CTRL, FORMAT_TIME, DBE_VALUE, DBE_ALARM, caget, camonitor, caput


def say(exchange, **what):
    print(json.dumps({'exchange': exchange, **what}), flush=True)


async def until(condition, seconds=20):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        await asyncio.sleep(0.01)
    return bool(condition())


async def main():
    value = await caget('T:double', format=FORMAT_TIME, timeout=15)
    say('get', value=float(value), recent=abs(value.timestamp - time.time()) < 300)
    await caput('T:double', 2.5, timeout=15)
    for _ in range(100):
        if float(await caget('T:double')) == 2.5:
            break
        await asyncio.sleep(0.05)
    say('put', value=float(await caget('T:double')))

    await caput('T:done', 0, wait=True, timeout=15)
    before = int(await caget('T:done'))
    await caput('T:slow', 1, wait=True, timeout=15)
    say('put-callback', before=before, after=int(await caget('T:done')))

    seen = []
    camonitor('T:counter', lambda value: seen.append(value), notify_disconnect=True, all_updates=True)
    await until(lambda: len(seen) >= 6)
    values = [int(value) for value in seen]
    say('monitor', steps=sorted({b - a for a, b in zip(values, values[1:])}), enough=len(values) >= 6)

    await caput('T:enum', 'Fault', wait=True, timeout=15)
    choice = await caget('T:enum', format=FORMAT_CTRL)
    say('enum', states=list(choice.enums), value=int(choice), text=str(await caget('T:enum', datatype=str)))

    await caput('T:string', 'Röntgen 5 µm', wait=True, timeout=15)
    say('string', value=str(await caget('T:string')))

    sent = np.sin(np.arange(500.0)) * 1e9
    await caput('T:array', sent, wait=True, timeout=15)
    back = await caget('T:array')
    say('array', count=len(back), equal=bool((back == sent).all()))

    levels = []
    camonitor('T:double', lambda value: levels.append([float(value), value.severity]), format=FORMAT_TIME, events=DBE_VALUE | DBE_ALARM, all_updates=True)
    heard = []
    for value, severity in ((95, 2), (85, 1), (0, 0)):
        await caput('T:double', value, wait=True, timeout=15)
        await until(lambda: levels and levels[-1] == [value, severity])
        heard.append(levels[-1][1])
    say('alarm', severities=heard)

    print('restart', flush=True)
    lost = await until(lambda: not seen[-1].ok)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    again = await until(lambda: sum(value.ok for value in seen[-3:]) == 3, 60)
    say('reconnect', lost=lost, again=again)


asyncio.run(main())
