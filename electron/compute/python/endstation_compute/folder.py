"""Input and output as Endstation passes them: a JSON file, and an .npy file for each array in it."""
import json
import math
import os

import numpy as np


def read_input(folder):
    def revive(value):
        return np.load(os.path.join(folder, value["$array"])) if set(value) == {"$array"} else value

    with open(os.path.join(folder, "input.json"), encoding="utf-8") as file:
        return json.load(file, object_hook=revive)


def write_output(folder, output):
    arrays = []

    def plain(value):
        if isinstance(value, np.ndarray):
            arrays.append(value)
            return {"$array": f"output{len(arrays) - 1}.npy"}
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            return {"$number": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
        if isinstance(value, dict):
            return {key: plain(member) for key, member in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(member) for member in value]
        return value

    text = json.dumps(plain(output), allow_nan=False)
    for index, array in enumerate(arrays):
        np.save(os.path.join(folder, f"output{index}.npy"), np.ascontiguousarray(array))
    with open(os.path.join(folder, "output.json"), "w", encoding="utf-8") as file:
        file.write(text)
