"""Checks documents of runs by PyPI's event-model: each under its schema, and images by a handler that a user would write.

Arguments: files with a document a line. Prints a JSON object a file: what is wrong with it, its names, and sums of its images.
"""
import json
import os
import sys

import numpy
from event_model import DocumentNames, Filler, schema_validators


class Arrays:
    specs = {"ENDSTATION_ARRAYS_1"}

    def __init__(self, path):
        self.path = path

    def __call__(self, offset, dtype, shape):
        return numpy.fromfile(self.path, dtype, int(numpy.prod(shape)), offset=offset).reshape(shape)


def check(path):
    errors, names, images = [], {}, {}
    filler = Filler({"ENDSTATION_ARRAYS_1": Arrays}, inplace=False)
    for line in open(path, encoding="utf8"):
        document = json.loads(line)
        name, doc = document["name"], document["doc"]
        names[name] = names.get(name, 0) + 1
        for error in schema_validators[DocumentNames[name]].iter_errors(doc):
            errors.append(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        if name == "stop" or errors:
            continue
        _, filled = filler(name, doc)
        if name == "event":
            for key in doc.get("filled", {}):
                image = filled["data"][key]
                images.setdefault(key, []).append([str(image.dtype), list(image.shape), float(image.sum())])
    return {"errors": errors, "names": names, "images": images}


print(json.dumps({os.path.basename(path): check(path) for path in sys.argv[1:]}))
