"""Tables and bars for the command line; the only place that prints. One file a room."""

from dosel.console.blind import (
    sentence,
    show_blind,
    show_raster,
    show_seen,
)
from dosel.console.facts import (
    show_described,
    show_explanation,
    show_near,
)
from dosel.console.feeds import (
    show_alarms,
)
from dosel.console.layers import (
    show_added,
    show_layer_findings,
    show_layers,
    show_refreshed,
)
from dosel.console.paper import (
    OUT,
    WHOLE_LINE,
    progress,
)
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
    "sentence",
    "show_added",
    "show_airstrip",
    "show_airstrips",
    "show_alarms",
    "show_alerts",
    "show_blind",
    "show_demo",
    "show_described",
    "show_explanation",
    "show_export",
    "show_feeds",
    "show_figures",
    "show_findings",
    "show_fires",
    "show_import",
    "show_init",
    "show_layer_findings",
    "show_layers",
    "show_near",
    "show_plan",
    "show_points",
    "show_raster",
    "show_recomputation",
    "show_refreshed",
    "show_seen",
    "show_simulated",
    "show_status",
    "show_summary",
    "show_verdict",
    "teller",
]
