"""Pictures for our decoders: made and read by Pillow, compressed by Blosc, LZ4, bitshuffle and zlib, served by p4p as an NTNDArray each.

make FOLDER COUNT SEED: N.bin and its numbers N.raw, list.json says what each is. read FOLDER: every N.jpg as its pixels N.raw. serve FOLDER: what `make` made.
"""
import io, json, os, signal, sys, threading, zlib

import h5py
import hdf5plugin
import numpy as np
from PIL import Image

folder = sys.argv[2]
# As areaDetector numbers pvData's types.
scalar_types = {'int8': 1, 'int16': 2, 'int32': 3, 'int64': 4, 'uint8': 5, 'uint16': 6, 'uint32': 7, 'uint64': 8, 'float32': 9, 'float64': 10}


def path(index, ending):
    return os.path.join(folder, f'{index}.{ending}')


def save(name, data):
    with open(name, 'wb') as file:
        file.write(data)


def pattern(rng, width, height):
    y, x = np.mgrid[0:height, 0:width]
    across, down, phase = rng.uniform(0.01, 0.6, 3)
    base = 127 + 90 * np.sin(across * x + down * y + 6 * phase) + rng.normal(0, rng.choice([0, 5, 40]), (height, width))
    return np.where((x // 7 + y // 5) % 2 == 0, base, 255 - base) if rng.random() < 0.3 else base


def jpeg(rng):
    colour = rng.random() < 0.6
    width, height = (int(length) for length in rng.integers(1, 90, 2))
    options = {'quality': int(rng.integers(1, 101)), 'progressive': bool(rng.random() < 0.5), 'optimize': bool(rng.random() < 0.5)}
    if colour and rng.random() < 0.15:
        options['keep_rgb'] = True
    elif colour:
        options['subsampling'] = int(rng.integers(0, 3))
    chance = rng.random()
    if chance < 0.35:
        options['restart_marker_blocks'] = int(rng.integers(1, 9))
    elif chance < 0.5:
        options['restart_marker_rows'] = 1
    planes = [np.clip(pattern(rng, width, height), 0, 255).astype(np.uint8) for _ in range(3 if colour else 1)]
    file = io.BytesIO()
    Image.fromarray(np.stack(planes, -1) if colour else planes[0]).save(file, 'JPEG', **options)
    size = [3, width, height] if colour else [width, height]
    return {'codec': 'jpeg', 'type': 'uint8', 'size': size, 'options': options}, file.getvalue(), np.asarray(Image.open(io.BytesIO(file.getvalue())))


def filtered(array, codec):
    """What a filter of HDF5 makes of an array; None where it made nothing smaller."""
    with h5py.File(io.BytesIO(), 'w') as file:
        dataset = file.create_dataset('x', data=array.ravel(), chunks=(array.size,), **codec)
        mask, chunk = dataset.id.read_direct_chunk((0,))
    return None if mask else chunk


def numbers(rng):
    name = str(rng.choice(list(scalar_types)))
    count = int(rng.choice([rng.integers(1, 300), rng.integers(300, 70_000)]))
    values = pattern(rng, count, 1)[0] * rng.choice([1, 1, 200])
    if rng.random() < 0.4:
        values = np.where(rng.random(count) < 0.95, 0, values)
    array = (values if name.startswith('float') else np.round(np.clip(values, 0, np.iinfo(name).max))).astype(name)
    codec = str(rng.choice(['blosc', 'blosc', 'blosc', 'blosc', 'lz4hdf5', 'lz4', 'bslz4', 'zlib']))
    options = {}
    if codec == 'blosc':
        options = {'cname': str(rng.choice(['blosclz', 'lz4', 'lz4hc', 'snappy', 'zlib', 'zstd'])), 'clevel': int(rng.integers(1, 10)), 'shuffle': int(rng.integers(0, 3))}
        data = filtered(array, hdf5plugin.Blosc(**options))
    elif codec in ('lz4', 'lz4hdf5'):
        options = {'nbytes': array.nbytes if codec == 'lz4' else int(rng.integers(64, 5000))}
        data = filtered(array, hdf5plugin.LZ4(**options))
        # One block is an LZ4 block without anything, but for the sizes before it; one that became no smaller is none.
        if codec == 'lz4' and data is not None:
            data = data[16:] if len(data) - 16 < array.nbytes else None
    elif codec == 'bslz4':
        data = filtered(array, hdf5plugin.Bitshuffle())
        # areaDetector sends it without the sizes.
        data = data and data[12:]
    else:
        data = zlib.compress(array.tobytes(), int(rng.integers(1, 10)))
    return {'codec': codec, 'type': name, 'size': [count], 'options': options}, data, array


def make():
    rng = np.random.default_rng(int(sys.argv[4]))
    listed = []
    while len(listed) < int(sys.argv[3]):
        about, data, array = jpeg(rng) if rng.random() < 0.5 else numbers(rng)
        if data is None:
            continue
        save(path(len(listed), 'bin'), data)
        save(path(len(listed), 'raw'), array.tobytes())
        listed.append({**about, 'bytes': array.nbytes})
    with open(os.path.join(folder, 'list.json'), 'w') as file:
        json.dump(listed, file)


def read():
    for name in os.listdir(folder):
        if name.endswith('.jpg'):
            save(os.path.join(folder, name[:-3] + 'raw'), np.asarray(Image.open(os.path.join(folder, name))).tobytes())


def serve():
    from p4p import Value
    from p4p.nt import NTNDArray
    from p4p.server import Server, StaticProvider
    from p4p.server.thread import SharedPV

    provider = StaticProvider('pictures')
    with open(os.path.join(folder, 'list.json')) as file:
        listed = json.load(file)
    for index, about in enumerate(listed):
        with open(path(index, 'bin'), 'rb') as file:
            data = np.frombuffer(file.read(), np.uint8)
        provider.add(f'PICTURE:{index}', SharedPV(initial=Value(NTNDArray.buildType(), {
            'value': ('ubyteValue', data), 'codec': {'name': about['codec'], 'parameters': scalar_types[about['type']]},
            'compressedSize': data.size, 'uncompressedSize': about['bytes'], 'uniqueId': index,
            'dimension': [{'size': length, 'fullSize': length, 'binning': 1} for length in about['size']],
        })))
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    with Server(providers=[provider]):
        print('READY', flush=True)
        done.wait()


{'make': make, 'read': read, 'serve': serve}[sys.argv[1]]()
