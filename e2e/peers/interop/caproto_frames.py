"""Decodes Channel Access frames as caproto does: a file of frames and one of their sizes; prints a digest per frame."""
import sys
import zlib
from array import array

import numpy as np
from caproto import SERVER
from caproto._commands import read_from_bytestream

frames = open(sys.argv[1], 'rb').read()
sizes = array('I')
sizes.frombytes(open(sys.argv[2], 'rb').read())
kinds = ['S40', '>i2', '>f4', '>u2', 'u1', '>i4', '>f8']


def number(value):
    # The limits of a CHAR are single bytes to it.
    return '%.17g' % float(value[0] if isinstance(value, bytes) else value)


def values(command):
    base = command.data_type % 7
    if base == 0:
        return ','.join(bytes(each).split(b'\0')[0].decode('latin-1') for each in command.data)
    return np.asarray(command.data).astype(kinds[base]).tobytes().hex()


def said(command):
    form = command.data_type // 7
    parts = [type(command).__name__.startswith('Event'), int(command.data_type), command.data_count, int(command.status.code_with_severity), command.ioid if hasattr(command, 'ioid') else command.subscriptionid]
    metadata = command.metadata if form > 0 else None
    if form > 0:
        parts += [int(metadata.status), int(metadata.severity)]
    if form == 2:
        parts += [metadata.stamp.as_epics_timestamp()[0] if hasattr(metadata.stamp, 'as_epics_timestamp') else metadata.stamp.secondsSinceEpoch,
                  metadata.stamp.as_epics_timestamp()[1] if hasattr(metadata.stamp, 'as_epics_timestamp') else metadata.stamp.nanoSeconds]
    if form > 2 and command.data_type % 7 == 3:
        parts += [bytes(state).split(b'\0')[0].decode('latin-1') for state in metadata.enum_strings]
    elif form > 2 and command.data_type % 7 != 0:
        parts += [bytes(metadata.units).split(b'\0')[0].decode('latin-1'), number(metadata.upper_disp_limit), number(metadata.lower_disp_limit),
                  number(metadata.upper_alarm_limit), number(metadata.lower_warning_limit)]
        if command.data_type % 7 in (2, 6):
            parts.append(int(metadata.precision))
        if form == 4:
            parts += [number(metadata.upper_ctrl_limit), number(metadata.lower_ctrl_limit)]
    return '|'.join(str(int(part)) if isinstance(part, bool) else str(part) for part in parts) + '|' + values(command)


at = 0
lines = []
for size in sizes:
    _, command, _ = read_from_bytestream(bytearray(frames[at:at + size]), SERVER)
    text = said(command)
    lines.append(text if len(sys.argv) > 3 else str(zlib.crc32(text.encode('latin-1'))))
    at += size
print('\n'.join(lines))
