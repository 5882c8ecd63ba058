"""The nbconvert exporter ``impact``: ``jupyter nbconvert --to impact executed.ipynb``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import HTMLExporter
from traitlets import default

from impact.report.collect import collect
from impact.report.environment import TEMPLATES, environment
from impact.report.made import beside
from impact.report.page import released_page, render_release

__all__ = ["ImpactExporter"]


class ImpactExporter(HTMLExporter):
    """Render the page of an executed notebook from the parts that its cells carry.

    nbconvert's preprocessors and filters are not used: they work on sources and outputs,
    and of those nothing reaches the page. The notebook is neither executed nor changed. By
    itself the exporter releases by the rule that the notebook states; ``impact run`` holds
    that rule against the params file and the data.

    Raises
    ------
    RunError
        From `from_notebook_node`: the notebook failed or was not executed.
    DisclosureError
        What the notebook shows cannot be released.
    """

    export_from_notebook = "Impact page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "impact"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(TEMPLATES)]

    def _create_environment(self) -> Environment:
        return environment()

    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources, with the `Release` under ``released``.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            An executed notebook; it is left as it is.
        resources : dict, optional
            nbconvert's own.
        **kw
            ``lang``: the page's language; ``before``: the edition of the last release;
            ``vouch``: whether sentences that the package does not know are left out;
            ``made``: facts of the run, from the record beside the notebook unless said.
        """
        prepared: dict[str, Any] = self._init_resources(resources)  # type: ignore[no-untyped-call]
        released = released_page(collect(nb), before=kw.get("before"), vouch=bool(kw.get("vouch")))
        made = kw["made"] if "made" in kw else beside(_file(prepared))
        page = render_release(released, lang=kw.get("lang"), made=made)
        return page, prepared | {"released": released}


def _file(resources: dict[str, Any]) -> Path:
    """Return the notebook's file, as far as nbconvert knows it."""
    told = resources.get("metadata", {})
    return Path(told.get("path", ""), f"{told.get('name', '')}.ipynb")
