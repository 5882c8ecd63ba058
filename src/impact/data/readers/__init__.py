"""From a file to raw columns: one module a format, only the columns that are named.

A further format is one function ``(path, wanted, where) -> Table`` and one line in
`READERS`. What a file needs in memory is estimated before it is read; a file that needs
more than `impact.data.readers.limit.MOST_BYTES` (2 GiB) is refused with a way to go on.
"""

from impact.data.readers.files import READERS, read_file
from impact.data.readers.parquet import read_parquet
from impact.data.readers.source import address, load, read_table

__all__ = ["READERS", "address", "load", "read_file", "read_parquet", "read_table"]
