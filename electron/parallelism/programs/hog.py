"""Does one that sleeps let the other run? A sleeper sleeps for so many seconds; a ticker notes the time 50 times a second.

usage: hog.py MODE SECONDS
block:   two coroutines, the sleeper calls time.sleep(SECONDS)
await:   two coroutines, the sleeper does await asyncio.sleep(SECONDS)
threads: two threads, the sleeper calls time.sleep(SECONDS)
"""
import asyncio
import json
import sys
import threading
import time

TICK = 0.02


def now():
    return (time.perf_counter() - began) * 1000


def note_tick():
    ticks.append(now())
    print(json.dumps({"tick": ticks[-1]}), flush=True)


def begin_sleep():
    start = now()
    print(json.dumps({"asleepFrom": start}), flush=True)
    return start


def note_sleep(start):
    global asleep
    asleep = [start, now()]


async def sleeping_coroutine():
    await asyncio.sleep(5 * TICK)
    start = begin_sleep()
    if mode == "block":
        time.sleep(seconds)
    else:
        await asyncio.sleep(seconds)
    note_sleep(start)


async def ticking_coroutine():
    while now() < (seconds + 10 * TICK) * 1000:
        note_tick()
        await asyncio.sleep(TICK)


async def both():
    await asyncio.gather(sleeping_coroutine(), ticking_coroutine())


def sleeping_thread():
    time.sleep(5 * TICK)
    start = begin_sleep()
    time.sleep(seconds)
    note_sleep(start)


def ticking_thread():
    while now() < (seconds + 10 * TICK) * 1000:
        note_tick()
        time.sleep(TICK)


if __name__ == "__main__":
    mode, seconds = sys.argv[1], float(sys.argv[2])
    ticks = []
    asleep = [0, 0]
    began = time.perf_counter()
    if mode == "threads":
        members = [threading.Thread(target=each, daemon=True) for each in (sleeping_thread, ticking_thread)]
        for member in members:
            member.start()
        for member in members:
            member.join()
    else:
        asyncio.run(both())
    print(json.dumps({"ticks": ticks, "asleep": asleep}), flush=True)
