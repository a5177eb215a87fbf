"""Endstation's compute jobs with NumPy, for Dask clusters and MPI. Started by Endstation; results are those of its own threads."""
