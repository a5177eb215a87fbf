"""Pieces of work that can be done anywhere: plain functions of arrays, no state."""
import numpy as np


def transform(re, im):
    signal = re.astype(float) if im is None else re + 1j * im
    result = np.fft.fft(signal)
    return np.ascontiguousarray(result.real), np.ascontiguousarray(result.imag)


def products(series, lags):
    """For the given pixels: the sum of each frame, and for each lag the sum over pixels and start times of I(t) I(t + lag)."""
    series = series.astype(float)
    return series.sum(axis=1), np.array([np.vdot(series[:-lag], series[lag:]) for lag in range(1, lags + 1)])


def _counted(data, mask):
    good = ~np.isnan(data) if data.dtype.kind == "f" else np.ones(data.size, bool)
    return good if mask is None else good & (mask == 0)


def moments(data, mask, width, first_row):
    good = _counted(data, mask)
    values = data[good].astype(float)
    if values.size == 0:
        return {"pixels": 0}
    at = np.flatnonzero(good)
    mean = values.mean()
    return {
        "pixels": int(values.size), "sum": float(values.sum()), "mean": float(mean), "squares": float(((values - mean) ** 2).sum()),
        "min": float(values.min()), "max": float(values.max()),
        "sum_x": float((values * (at % width)).sum()), "sum_y": float((values * (at // width + first_row)).sum()),
    }


def count(data, mask, bins, low, high):
    """The last bin is closed on both sides."""
    values = data[_counted(data, mask)].astype(float)
    values = values[(values >= low) & (values <= high)]
    at = np.minimum(bins - 1, np.floor((values - low) * (bins / (high - low))).astype(int))
    return np.bincount(at, minlength=bins).astype(float)


def _two_theta(width, rows, g):
    """Radians of every pixel's centre in these rows; geometry and names as pyFAI's."""
    c1, s1 = np.cos(g.get("rot1", 0)), np.sin(g.get("rot1", 0))
    c2, s2 = np.cos(g.get("rot2", 0)), np.sin(g.get("rot2", 0))
    c3, s3 = np.cos(g.get("rot3", 0)), np.sin(g.get("rot3", 0))
    d = g["distance"]
    p1 = ((np.arange(*rows) + 0.5) * g["pixel1"] - g["poni1"])[:, None]
    p2 = ((np.arange(width) + 0.5) * g["pixel2"] - g["poni2"])[None, :]
    t1 = p1 * c2 * c3 - d * (c1 * c3 * s2 + s1 * s3) + p2 * (c3 * s1 * s2 - c1 * s3)
    t2 = p1 * c2 * s3 - d * (c1 * s2 * s3 - c3 * s1) + p2 * (c1 * c3 + s1 * s2 * s3)
    t3 = p1 * s2 + d * c1 * c2 - p2 * c2 * s1
    return np.arctan2(np.sqrt(t1 * t1 + t2 * t2), t3).ravel()


def angle_span(width, rows, geometry):
    angles = _two_theta(width, rows, geometry)
    return float(angles.min()), float(angles.max())


def integrate(data, mask, width, rows, geometry, bins, first, last):
    """Sum and number of the pixels in each bin."""
    angles = _two_theta(width, rows, geometry)
    good = _counted(data, mask) & (angles >= first) & (angles <= last)
    at = np.minimum(bins - 1, np.floor((angles[good] - first) * (bins / (last - first))).astype(int))
    return np.bincount(at, weights=data[good].astype(float), minlength=bins), np.bincount(at, minlength=bins).astype(float)
