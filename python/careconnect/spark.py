"""Validates resources in Spark. Needs ``pyspark`` and ``pyarrow``.

>>> issues = validate(read(session, "export/"), profiles_for={"Patient": ["CareConnect-Patient-1"]})
>>> summary(issues).show()

Every row that goes in has a row that comes out, a faulty one with its ``fault``; see :mod:`careconnect.arrow`, which does the
work in each of Spark's Python workers. The packs are in the wheel that the workers have; definitions of your own and packs as
bytes are broadcast once to each executor, and a worker loads them once.
"""

from __future__ import annotations

import pickle
from typing import Any, Dict, Iterator, Optional, Sequence, Tuple, Union

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import LongType, StringType, StructField, StructType

from . import Careconnect, CareconnectError, Input, arrow, load

__all__ = ["read", "summary", "validate"]

#: What a worker has loaded, by what was asked for: a worker does many tasks.
_loaded: Dict[bytes, Careconnect] = {}


def read(session: SparkSession, path: Union[str, Sequence[str]], *, format: Optional[str] = None) -> DataFrame:
    """The resources of NDJSON files, of a folder with them as a Bulk Data export has, or (``format="parquet"``) of Parquet.

    Of NDJSON the columns are ``resource``, ``source`` (the file) and ``day`` (on which the file was last written). Of Parquet
    they are its own, and these last two.
    """
    if format not in (None, "ndjson", "parquet"):
        raise CareconnectError(f"The format is 'ndjson' or 'parquet'; this is {format!r}.")
    paths = [path] if isinstance(path, str) else list(path)
    source = F.col("_metadata.file_path").alias("source")
    day = F.to_date(F.col("_metadata.file_modification_time")).alias("day")
    if format == "parquet":
        return session.read.parquet(*paths).select("*", source, day)
    found = session.read.option("recursiveFileLookup", "true").text(paths)
    is_lines = F.col("source").rlike(r"\.(ndjson|jsonl)(\.[a-z0-9]+)?$")
    lines = found.select(F.col("value").alias("resource"), source, day)
    return lines.where(is_lines & (F.trim(F.col("resource")) != ""))


def validate(
    df: DataFrame,
    *,
    column: str = "resource",
    keys: Optional[Sequence[str]] = None,
    packs: Union[None, str, Sequence[Union[str, bytes]]] = None,
    definitions: Sequence[Input] = (),
    **options: Any,
) -> DataFrame:
    """A DataFrame of issues of the resources in a column of text or bytes.

    ``keys``: columns that each row of the result has from the row that it is about; without it all others. ``packs`` and
    ``definitions`` are those of :func:`careconnect.load`, ``options`` those of ``validate``. ``row`` tells rows apart: the
    number of the partition times 2³³, and the number within it.
    """
    names = [name for name in df.columns if name != column] if keys is None else list(keys)
    for name in (column, *names):
        if name not in df.columns:
            raise CareconnectError(f"There is no column '{name}'. The columns are: {', '.join(df.columns)}.")
    taken = [name for name in names if name in arrow.SCHEMA.names]
    if taken:
        raise CareconnectError(f"The result has a column '{taken[0]}' of its own; rename yours, or leave it out of 'keys'.")
    # What is wrong is said here, and not by a thousand tasks.
    load(packs=packs, definitions=definitions).validate("{}", **options)
    made_of = df.sparkSession.sparkContext.broadcast(pickle.dumps((packs, list(definitions))))

    def work(given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        first = (task.partitionId() if task else 0) << 33
        return arrow.batches(given, column=column, keys=names, careconnect=_handle(made_of.value), first=first, **options)

    fields = [df.schema[name] for name in names]
    whole = [field.name for field in arrow.SCHEMA if pa.types.is_integer(field.type)]
    own = [
        StructField(field.name, LongType() if field.name in whole else StringType(), field.nullable) for field in arrow.SCHEMA
    ]
    return df.select(column, *names).mapInArrow(work, StructType([*fields, *own]))


def _handle(made_of: bytes) -> Careconnect:
    if made_of not in _loaded:
        packs, definitions = pickle.loads(made_of)
        _loaded[made_of] = load(packs=packs, definitions=definitions)
    return _loaded[made_of]


def summary(issues: DataFrame, *, by: Optional[Sequence[str]] = None) -> DataFrame:
    """How often each rule was broken and in how many resources, and how many resources came to which verdict without an issue
    or could not be checked. ``by``: the columns to count by; without it rule, severity, verdict where there is no rule, profile,
    and of ``source`` and ``day`` those that there are. The most frequent come first."""
    usual: Tuple[str, ...] = ("rule", "severity", "profile", "source", "day")
    wanted = [name for name in usual if name in issues.columns] if by is None else list(by)
    is_fault, has_rule = F.col("fault").isNotNull(), F.col("rule").isNotNull()
    what = F.when(is_fault, F.lit("not checked")).when(~has_rule, F.lit("no issues")).otherwise(F.lit("issue"))
    counted = issues.withColumn("what", what).groupBy("what", *wanted)
    found = counted.agg(F.count(F.lit(1)).alias("count"), F.countDistinct("row").alias("resources"))
    return found.orderBy(F.desc("count"), "what", *wanted)
