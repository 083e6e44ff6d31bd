"""Commands of the spine: a centre, the watch, its alerts, its status."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from dosel.cli.shared import CentreOption, DryRun, app, opened_centre
from dosel.errors import exit_status


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="Directory to make; it must not exist or be empty.")],
    name: Annotated[str, typer.Option(help="Name of the area.")] = "",
    crs: Annotated[str, typer.Option(help="Projected CRS in metres, for example EPSG:32719.")] = "",
    resolution_m: Annotated[float | None, typer.Option(help="Pixel size in metres.")] = None,
    bbox: Annotated[str, typer.Option(help="West,south,east,north in degrees.")] = "",
    like: Annotated[Path | None, typer.Option(help="Raster whose grid is taken over.")] = None,
    start: Annotated[str, typer.Option(help="First monitored day, YYYY-MM-DD.")] = "",
    language: Annotated[str, typer.Option(help="es, pt or en.")] = "es",
    dry_run: DryRun = False,
) -> None:
    """Make a centre: one directory with dosel.toml, the database, checkpoints and rasters."""
    from dosel import console
    from dosel.pipeline.init import NewCentre, init_centre

    new = NewCentre(name, crs, resolution_m, bbox, like, start, language)
    console.show_init(directory, init_centre(directory, new, dry_run=dry_run), language, dry_run)


@app.command()
def watch(
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
    until: Annotated[str, typer.Option(help="Last day of acquisition to use, YYYY-MM-DD.")] = "",
) -> None:
    """Search, read, learn, update, confirm, polygonize, track, store. Run it again at any time."""
    from dosel import console
    from dosel.pipeline.spine.planned import plan_watch
    from dosel.pipeline.spine.watch import watch as run_watch

    with opened_centre(centre, "look" if dry_run else "begin") as opened:
        if dry_run:
            console.show_plan(plan_watch(opened, until=until), opened.settings.centre.language)
            return
        with console.progress(opened.settings.centre.language) as progress:
            summary = run_watch(opened, until=until, progress=progress)
        console.show_summary(summary, opened.settings.centre.language)
    if summary.failed:
        raise typer.Exit(max(exit_status(error) for error in summary.failed.values()))


@app.command()
def alerts(
    centre: CentreOption = Path(),
    status: Annotated[str, typer.Option(help="Only these, for example confirmed,provisional.")] = "",
    since: Annotated[str, typer.Option(help="Only updated on or after this day, YYYY-MM-DD.")] = "",
    min_area_ha: Annotated[float, typer.Option(help="Only of at least so many hectares.")] = 0.0,
    bbox: Annotated[str, typer.Option(help="Only touching west,south,east,north in degrees.")] = "",
    source: Annotated[str, typer.Option(help="Only of these feeds; own is the watch of this centre.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many lines; 0 is all.")] = 50,
    to: Annotated[Path | None, typer.Option(help="Release to a file: .gpkg, .parquet or .geojson.")] = None,
    by: Annotated[str, typer.Option(help="Who releases; needed with --to.", envvar="DOSEL_ACTOR")] = "",
    overwrite: Annotated[bool, typer.Option(help="Replace the file if it exists.")] = False,
    dry_run: DryRun = False,
) -> None:
    """List, filter and export alerts. Exports go through share.release() and are logged."""
    from dosel import console
    from dosel.pipeline.desk import AlertFilter, export_alerts, list_alerts
    from dosel.pipeline.feeds.sight import centre_sight

    chosen = AlertFilter.parse(status=status, since=since, min_area_ha=min_area_ha, bbox=bbox, source=source)
    with opened_centre(centre) as opened:
        if to is None:
            console.show_alerts(list_alerts(opened, chosen), limit, opened.settings.centre.language)
            console.show_seen(centre_sight(opened), opened.settings.centre.language)
            return
        report = export_alerts(opened, chosen, to, actor=by, overwrite=overwrite, dry_run=dry_run)
        console.show_export(report, opened.settings.centre.language)
        if not report.count:
            console.show_seen(centre_sight(opened), opened.settings.centre.language)


@app.command()
def verdict(
    alert: Annotated[str, typer.Argument(help="Id of an open alert, as `dosel alerts` lists it.")],
    reject: Annotated[str, typer.Option(help="The alert is wrong, for this reason.")],
    by: Annotated[str, typer.Option(help="Who judges.", envvar="DOSEL_ACTOR")] = "",
    centre: CentreOption = Path(),
    dry_run: DryRun = False,
) -> None:
    """Judge an alert: the next `dosel watch` withdraws it and watches its pixels afresh."""
    from dosel import console
    from dosel.pipeline.desk import judge

    with opened_centre(centre) as opened:
        judgement = judge(opened, alert, reason=reject, by=by, dry_run=dry_run)
        console.show_verdict(judgement, opened.settings.centre.language, dry_run=dry_run)


@app.command()
def recompute(
    alert: Annotated[str, typer.Argument(help="Id of the alert.")], centre: CentreOption = Path()
) -> None:
    """Compute an alert again from what is retained and say whether it comes out the same."""
    from dosel import console
    from dosel.pipeline.proof.recompute import recompute as run_recompute

    with opened_centre(centre) as opened:
        result = run_recompute(opened, alert)
        console.show_recomputation(result, opened.settings.centre.language)
    if not result.same:
        raise typer.Exit(1)


@app.command()
def status(
    centre: CentreOption = Path(),
    tiles: Annotated[bool, typer.Option("--tiles", help="Also a row for every stream and tile.")] = False,
) -> None:
    """Show which feeds are ill, what has been seen by each stream, and what an alert is worth."""
    from dosel import console
    from dosel.pipeline.desk import centre_status

    with opened_centre(centre, "look") as opened:
        console.show_status(centre_status(opened), opened.settings.centre.language, tiles=tiles)


@app.command()
def doctor(
    centre: CentreOption = Path(),
    live: Annotated[bool, typer.Option("--live", help="Sign in to each source and read one scene.")] = False,
) -> None:
    """Check installation, disk, clock and settings; with --live, every configured source."""
    from dosel import console
    from dosel.pipeline.doctor import examine, language_of

    findings = examine(centre, live=live)
    console.show_findings(findings, language_of(centre))
    if any(finding.level == "bad" for finding in findings):
        raise typer.Exit(1)


@app.command()
def points(
    series: Annotated[Path, typer.Argument(help="CSV(.gz) with id,date,<value columns>.")],
    stream: Annotated[str, typer.Option(help="Stream whose parameters are used.")],
    value: Annotated[str, typer.Option(help="Column of the values.")],
    start: Annotated[str, typer.Option(help="CSV id,start or one day for all; looks before are history.")],
    out: Annotated[Path, typer.Option(help="Trace: id,date,evidence,status for every monitored look.")],
    summary: Annotated[Path | None, typer.Option(help="One row a point.")] = None,
) -> None:
    """Run the monitor on point series: the very same code as for rasters."""
    from dosel import console
    from dosel.monitor.points import run_points

    with console.progress() as progress:
        report = run_points(series, stream, value, start, out, summary, progress)
    console.show_points(report)


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Directory for the demonstration.")] = Path("demo-centre"),
    fresh: Annotated[bool, typer.Option(help="Remove an earlier demonstration there first.")] = False,
    size: Annotated[Literal["small", "full"], typer.Option(help="small takes seconds.")] = "full",
    language: Annotated[Literal["es", "pt", "en"], typer.Option(help="es, pt or en.")] = "en",
    seed: Annotated[int, typer.Option(min=0, help="Another number makes another world.")] = 1,
) -> None:
    """Watch a simulated frontier from end to end and score the result (simulated, S)."""
    from dosel import console
    from dosel.testing.demo import run_demo

    console.show_simulated(language)
    with console.progress(language) as progress:
        report = run_demo(directory, fresh=fresh, size=size, language=language, seed=seed, progress=progress)
    console.show_demo(report, language)
