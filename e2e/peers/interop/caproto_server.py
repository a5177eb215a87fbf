"""A caproto server with the PVs of the interop exchanges. Port by EPICS_CA_SERVER_PORT."""
import asyncio

from caproto import ChannelType
from caproto.asyncio.server import start_server
from caproto.server import PVGroup, pvproperty


class Interop(PVGroup):
    double = pvproperty(value=1.5, units='mm', precision=3, upper_alarm_limit=90.0, upper_warning_limit=80.0, lower_warning_limit=-80.0, lower_alarm_limit=-90.0)
    enum = pvproperty(value='Idle', dtype=ChannelType.ENUM, enum_strings=['Idle', 'Busy', 'Fault'])
    string = pvproperty(value='', dtype=ChannelType.STRING, string_encoding='utf-8')
    array = pvproperty(value=[0.0], dtype=float, max_length=1000)
    slow = pvproperty(value=0)
    done = pvproperty(value=0)
    counter = pvproperty(value=0)

    @slow.putter
    async def slow(self, instance, value):
        await asyncio.sleep(0.4)
        await self.done.write(value)
        return value

    @counter.startup
    async def counter(self, instance, async_lib):
        print('READY', flush=True)
        n = 0
        while True:
            n += 1
            await instance.write(n)
            await asyncio.sleep(0.05)


asyncio.run(start_server(Interop(prefix='T:').pvdb, interfaces=['127.0.0.1']))
