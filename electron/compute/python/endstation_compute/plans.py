"""The jobs as plans: generators that yield rounds of independent pieces of work, get their results, and return the job's output.

A round is (share, pieces): its share of the whole work, as near as can be told; all shares together are 1. A piece is (function, arguments). Who runs the plan decides where the pieces are done: here, on a cluster, or in MPI processes.
"""
import numpy as np

from . import pieces


class InputError(Exception):
    """The job's input can't be used; the text is for the user."""


def _blocks(count, parts):
    """Slices that cover 0..count, at most `parts` of them, none empty."""
    edges = np.linspace(0, count, min(max(parts, 1), max(count, 1)) + 1).astype(int)
    return [(int(a), int(b)) for a, b in zip(edges, edges[1:]) if b > a]


def _frame(source):
    data, width, height = source["data"], source["width"], source["height"]
    if data.size != width * height:
        raise InputError(f"A frame of {width} x {height} pixels needs {width * height} values; it has {data.size}.")
    mask = source.get("mask")
    if mask is not None and mask.size != data.size:
        raise InputError(f"The mask has {mask.size} values, the frame {data.size} pixels: they must be as many.")
    return data, width, height, mask


def _check_bins(what, bins):
    """As on threads: a slip in a number must not fill the machine."""
    if not 1 <= bins <= 1_000_000:
        raise InputError(f"A {what} has 1 to 1,000,000 bins; {bins} were asked for.")


def _rows(data, mask, width, rows):
    a, b = rows[0] * width, rows[1] * width
    return data[a:b], None if mask is None else mask[a:b]


def fft(source, parts):
    re = source["re"]
    im = source.get("im")
    if re.size == 0 or (im is not None and im.size != re.size):
        raise InputError(f"A transform needs at least one value and parts of one length; got {re.size} and {0 if im is None else im.size}.")
    # Its pieces would all need the whole signal: it is one piece.
    (result,) = yield 1, [(pieces.transform, (re, im))]
    return {"re": result[0], "im": result[1]}


def correlation(source, parts):
    frames, pixels = source["frames"], source["pixels"]
    count = frames.size // pixels
    if frames.size % pixels or count < 2:
        raise InputError(f"{frames.size} values are not two or more whole frames of {pixels} pixels.")
    lags = min(source.get("maxLag", count // 2), count - 1)
    if lags < 1:
        raise InputError("The largest lag must be at least 1 frame.")
    series = frames.reshape(count, pixels)
    sums = yield 1, [(pieces.products, (np.ascontiguousarray(series[:, a:b]), lags)) for a, b in _blocks(pixels, parts)]
    means = sum(one[0] for one in sums) / pixels
    products = sum(one[1] for one in sums) / pixels
    lag = np.arange(1, lags + 1)
    g2 = np.array([products[n - 1] * (count - n) / (means[: count - n].sum() * means[n:].sum()) for n in lag])
    return {"lag": lag.astype(float), "g2": g2}


def frame_statistics(source, parts):
    data, width, height, mask = _frame(source)
    blocks = _blocks(height, parts)
    wanted = source.get("histogram")
    if wanted is not None:
        _check_bins("histogram", wanted["bins"])
    found = yield (1 if wanted is None else 0.7), [(pieces.moments, (*_rows(data, mask, width, rows), width, rows[0])) for rows in blocks]
    found = [one for one in found if one["pixels"]]
    if not found:
        raise InputError("Every pixel of the frame is masked or not a number: there is nothing to count. Check the mask.")
    pixels = sum(one["pixels"] for one in found)
    total = sum(one["sum"] for one in found)
    mean = sum(one["mean"] * one["pixels"] for one in found) / pixels
    # T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
    squares = sum(one["squares"] + one["pixels"] * (one["mean"] - mean) ** 2 for one in found)
    low, high = min(one["min"] for one in found), max(one["max"] for one in found)
    histogram = None
    if wanted is not None:
        bins, first, last = wanted["bins"], wanted.get("low", low), wanted.get("high", high)
        top = last if last > first else first + 1
        counts = yield 0.3, [(pieces.count, (*_rows(data, mask, width, rows), bins, first, top)) for rows in blocks]
        histogram = {"counts": sum(counts), "edges": first + (top - first) * np.arange(bins + 1) / bins}
    return {
        "pixels": pixels, "min": low, "max": high, "sum": total, "mean": mean, "deviation": float(np.sqrt(squares / pixels)),
        "centroid": None if total == 0 else {"x": sum(one["sum_x"] for one in found) / total, "y": sum(one["sum_y"] for one in found) / total},
        "histogram": histogram,
    }


def azimuthal_integration(source, parts):
    data, width, height, mask = _frame(source)
    bins, geometry = source["bins"], source["geometry"]
    _check_bins("curve", bins)
    blocks = _blocks(height, parts)
    low, high = source.get("low"), source.get("high")
    first, last = (None if low is None else np.deg2rad(low)), (None if high is None else np.deg2rad(high))
    looking = 0.4 if first is None or last is None else 0
    if looking:
        spans = yield looking, [(pieces.angle_span, (width, rows, geometry)) for rows in blocks]
        first = min(span[0] for span in spans) if first is None else first
        last = max(span[1] for span in spans) if last is None else last
    if not last > first:
        raise InputError("The range of two theta is empty. Check the geometry, and that low is below high.")
    sums = yield 1 - looking, [(pieces.integrate, (*_rows(data, mask, width, rows), width, rows, geometry, bins, first, last)) for rows in blocks]
    total, pixels = sum(one[0] for one in sums), sum(one[1] for one in sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        intensity = np.where(pixels > 0, total / pixels, np.nan)
    two_theta = (first + (np.arange(bins) + 0.5) * (last - first) / bins) * 180 / np.pi
    return {"twoTheta": two_theta, "intensity": intensity, "pixels": pixels}


PLANS = {"fft": fft, "correlation": correlation, "frameStatistics": frame_statistics, "azimuthalIntegration": azimuthal_integration}
