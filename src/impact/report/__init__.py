"""Executed notebooks to pages that stand alone: offline, accessible, safe to publish.

The only room that knows nbconvert. ``impact.report.exporter`` is the exporter behind
``jupyter nbconvert --to impact``; it is not imported here, since nbconvert is slow to
start and a page can be rendered without it.
"""

from impact.report.collect import collect
from impact.report.index import render_index
from impact.report.page import render_page, render_release

__all__ = ["collect", "render_index", "render_page", "render_release"]
