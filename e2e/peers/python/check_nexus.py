"""Reads NeXus files as others do: nexusformat's validator, and the default plot of nexusformat, silx and h5py.

Arguments: files. Prints a JSON object a file.
"""
import io
import json
import logging
import os
import sys

import h5py
from nexusformat.nexus import nxload
from nexusformat.nexus.validate import logger, validate_file
from silx.io.nxdata import get_default


def complaints(path):
    """Lines of warnings and errors, as `nxcheck` prints them."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    handlers, logger.handlers = logger.handlers, [handler]
    logger.setLevel(logging.WARNING)
    try:
        validate_file(path)
    finally:
        logger.handlers = handlers
    return told.getvalue().splitlines()


def by_nexusformat(path):
    data = nxload(path).plottable_data
    if data is None:
        return None
    return {"signal": data.nxsignal.nxname, "shape": list(data.nxsignal.shape), "axes": [axis.nxname for axis in data.plot_axes or []]}


def by_silx(path):
    with h5py.File(path, "r") as file:
        data = get_default(file, validate=False)
        if data is None:
            return None
        return {"valid": data.is_valid, "signal": data.signal_dataset_name, "shape": list(data.signal.shape), "axes": list(data.axes_dataset_names)}


def by_h5py(path):
    with h5py.File(path, "r") as file:
        entry = file[file.attrs["default"]]
        if "default" not in entry.attrs:
            return None
        data = entry[entry.attrs["default"]]
        signal = data[data.attrs["signal"]]
        return {"signal": data.attrs["signal"], "shape": list(signal.shape), "axes": list(data.attrs["axes"])}


def classes(path):
    found = {}
    with h5py.File(path, "r") as file:
        file["entry"].visititems(lambda name, node: found.update({name: str(node.attrs["NX_class"])}) if "NX_class" in node.attrs else None)
    return found


def fields(path):
    found = {}

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.size is not None and node.size <= 8:
            value = node.asstr()[()] if h5py.check_string_dtype(node.dtype) else node[()]
            found[name] = value.tolist() if hasattr(value, "tolist") else value

    with h5py.File(path, "r") as file:
        file["entry"].visititems(look)
    return found


def stacks(path):
    found = {}

    def look(name, node):
        if isinstance(node, h5py.Dataset) and node.compression:
            found[name] = {"dtype": str(node.dtype), "shape": list(node.shape), "chunks": list(node.chunks), "compression": node.compression, "shuffle": node.shuffle,
                           "sums": [float(frame.sum()) for frame in node], "stored": node.id.get_storage_size()}

    with h5py.File(path, "r") as file:
        file["entry"].visititems(look)
    return found


ways = {"complaints": complaints, "nexusformat": by_nexusformat, "silx": by_silx, "h5py": by_h5py, "classes": classes, "fields": fields, "stacks": stacks}
print(json.dumps({os.path.basename(path): {name: read(path) for name, read in ways.items()} for path in sys.argv[1:]}).replace("NaN", "null"))
