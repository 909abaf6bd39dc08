"""Validates a Bulk Data export, or NDJSON, in Spark, and writes what was found as Parquet and as a page.

    spark-submit job.py EXPORT OUTPUT
"""

import html
import sys
from pathlib import Path

from careconnect import spark
from pyspark.sql import SparkSession

COLUMNS = ["what", "rule", "severity", "profile", "source", "day", "count", "resources"]


def page(rows, total):
    """A page of the summary. What stands in it comes from the data, so that all of it is escaped."""
    cells = lambda values, tag: "".join(f"<{tag}>{html.escape('' if one is None else str(one))}</{tag}>" for one in values)
    body = "".join(f"<tr>{cells((row[name] for name in COLUMNS), 'td')}</tr>\n" for row in rows)
    return (
        '<!doctype html>\n<html lang="en-GB"><meta charset="utf-8"><title>What was found</title>\n'
        "<style>body{font:1rem sans-serif;margin:2rem}td,th{padding:.25rem .75rem;text-align:left;border-bottom:1px solid}</style>\n"
        f"<h1>What was found</h1><p>{total:,} resources went in.</p>\n"
        f"<table><thead><tr>{cells(COLUMNS, 'th')}</tr></thead>\n<tbody>{body}</tbody></table></html>\n"
    )


def main(export, output):
    session = SparkSession.builder.appName("careconnect").getOrCreate()
    resources = spark.read(session, export)
    issues = spark.validate(resources)
    # Checked once: both what is counted and the summary are of what was written.
    issues.write.mode("overwrite").parquet(f"{output}/issues")
    issues = session.read.parquet(f"{output}/issues")
    total = issues.select("row").distinct().count()
    went_in = resources.count()
    if total != went_in:
        raise SystemExit(f"{went_in} resources went in and {total} are accounted for.")
    Path(output, "report.html").write_text(page(spark.summary(issues).collect(), total), encoding="utf-8")
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:3])
