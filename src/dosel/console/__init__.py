"""Tables and bars for the command line; the only place that prints. One file a room."""

from dosel.console.paper import OUT, WHOLE_LINE, progress
from dosel.console.partner import (
    show_airstrip,
    show_airstrips,
    show_feeds,
    show_figures,
    show_fires,
    show_import,
    teller,
)
from dosel.console.watch import (
    show_alerts,
    show_demo,
    show_export,
    show_findings,
    show_init,
    show_plan,
    show_points,
    show_recomputation,
    show_simulated,
    show_status,
    show_summary,
    show_verdict,
)

__all__ = [
    "OUT",
    "WHOLE_LINE",
    "progress",
    "show_airstrip",
    "show_airstrips",
    "show_alerts",
    "show_demo",
    "show_export",
    "show_feeds",
    "show_figures",
    "show_findings",
    "show_fires",
    "show_import",
    "show_init",
    "show_plan",
    "show_points",
    "show_recomputation",
    "show_simulated",
    "show_status",
    "show_summary",
    "show_verdict",
    "teller",
]
