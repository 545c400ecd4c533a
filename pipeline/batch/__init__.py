"""A corpus in shards, on the cores of a machine or on a Dask cluster."""
