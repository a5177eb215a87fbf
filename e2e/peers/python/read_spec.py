"""Reads SPEC files by silx and by spec2nexus. Arguments: files. Prints a JSON object a file; numbers as Python's repr, which is exact."""
import json
import os
import sys

from silx.io.specfile import SpecFile
from spec2nexus.spec import SpecDataFile


def exact(values):
    return [repr(float(value)) for value in values]


def by_silx(path):
    scan = SpecFile(path)[0]
    return {
        "number": scan.number, "command": scan.header_dict["S"] if hasattr(scan, "header_dict") else scan.scan_header_dict["S"], "labels": scan.labels,
        "columns": {label: exact(scan.data_column_by_name(label)) for label in scan.labels},
        "motors": {name: repr(scan.motor_position_by_name(name)) for name in scan.motor_names}, "date": scan.scan_header_dict["D"],
        "spectra": [exact(scan.mca[index]) for index in range(len(scan.mca))],
    }


def by_spec2nexus(path):
    file = SpecDataFile(path)
    (number,) = file.getScanNumbers()
    scan = file.getScan(number)
    scan.interpret()
    mca = scan.data.get("_mca_", {})
    return {
        "number": int(number), "command": scan.S, "labels": scan.L, "columns": {label: exact(scan.data[label]) for label in scan.L},
        "motors": {name: repr(float(value)) for name, value in scan.positioner.items()}, "date": scan.date,
        "spectra": [exact(row) for name in mca for row in mca[name]] if isinstance(mca, dict) else [exact(row) for row in mca],
    }


print(json.dumps({os.path.basename(path): {"silx": by_silx(path), "spec2nexus": by_spec2nexus(path)} for path in sys.argv[1:]}))
