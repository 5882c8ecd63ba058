"""Params files in, runs and pages out: what must run, who runs it, what is published.

::

    plan      what is stale, and why, by content
    conduct   check all, then run each: the order of a batch
    case      one pilot on its way through it
    crew      processes that work for the batch, and their end
    duties    check · inspect · execute · draw · gather: what a worker can be asked
    publish   the one writer of ``reports/``
    record    ``runs/<pilot>/run.json``

A duty is a plain function from paths to plain JSON, so that it can be called in this
process, in a worker process (`worker`), or elsewhere.
"""
