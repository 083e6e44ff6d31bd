"""Reports on paper: what is said is what is printed, and names are never commands."""

from contextlib import closing

import pytest
import shapely

from dosel.share.policy import DESK, Destination, release
from dosel.share.printed.document import Beside, Document, Drawn, Heading, Listing, MapView, Pairs, Paragraph
from dosel.share.printed.maps import STYLES, draw_map
from dosel.share.printed.typeset import write_pdf
from dosel.store import open_store

HOSTILE = '#import "x.typ" *bold* $x$ \\ " @ref <label> // #read("/etc/passwd") Ñandú'
SQUARE = shapely.box(-70.2, -12.8, -70.0, -12.6)


def view(*drawn, bounds=(-71.0, -13.0, -69.0, -12.0)):
    return MapView(bounds, drawn, HOSTILE)


def printed(one, path):
    """Print with what the gate let out onto this very paper."""
    with closing(open_store(":memory:")) as store:
        released = release(store, [], to=Destination(DESK, str(path)), actor="a", purpose="p")
    return write_pdf(one, released)


def document(*blocks):
    return Document(HOSTILE, "sub", "es", "2024-12-30", "R", blocks)


def test_every_block_is_printed_and_no_text_is_a_command(tmp_path):
    """Mutants: text put into the template as markup, which Typst then runs; a block without its part."""
    path = printed(
        document(
            Heading(HOSTILE, 2),
            Paragraph(HOSTILE, "warning"),
            Pairs(((HOSTILE, HOSTILE),)),
            Listing(("a", "b"), ((HOSTILE, "x"),), (0,)),
            view(Drawn("alert", (SQUARE,), (HOSTILE,), HOSTILE)),
            Beside(Pairs(((HOSTILE, HOSTILE),)), view()),
        ),
        tmp_path / "r.pdf",
    )
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"pdfaid" in data
    assert [one.name for one in tmp_path.iterdir()] == ["r.pdf"]


def test_names_of_others_do_not_stop_a_report(tmp_path):
    """Mutants: `$` on a map read as mathematics, which fails; a control sign that PDF/A has no letter for."""
    evil = "$\\frac{$ \x1b[2J\x00\u202e" + "x" * 3_000
    drawn = Drawn("protected", (SQUARE,), (evil,), evil)
    assert printed(document(Paragraph(evil), view(drawn)), tmp_path / "r.pdf").stat().st_size > 5_000


def test_the_same_document_is_the_same_file(tmp_path):
    """Mutant: the time of day in the file, so that a report made twice cannot be told from a changed one."""
    one = document(view(Drawn("alert", (SQUARE,))))
    first, second = (printed(one, tmp_path / name).read_bytes() for name in ("a.pdf", "b.pdf"))
    assert first == second


def test_a_place_outside_the_map_is_not_in_its_file(tmp_path):
    """Mutant: geometry beyond the frame kept in the drawing, where anybody can read it."""
    away = shapely.box(-60.0, 1.0, -59.0, 2.0)
    far = draw_map(view(Drawn("protected", (away,), ("Secret",))), tmp_path / "far.svg").read_text()
    none = draw_map(view(), tmp_path / "none.svg").read_text()
    assert far == none


@pytest.mark.parametrize("style", STYLES)
def test_every_style_draws_every_shape(style, tmp_path):
    """Mutant: a style that only one kind of geometry can take."""
    shapes = (SQUARE,) if "facecolor" in STYLES[style] else (SQUARE.boundary,)
    if "markersize" in STYLES[style]:
        shapes = (shapely.Point(-70.5, -12.5),)
    drawn = draw_map(view(Drawn(style, shapes, (), "legend")), tmp_path / "m.svg").read_text()
    assert len(drawn) > len(draw_map(view(), tmp_path / "n.svg").read_text())


def test_the_scale_bar_is_true(tmp_path):
    """Oracle: the geodesic from end to end. Mutant: degrees taken for kilometres of the equator."""
    from pyproj import Geod

    from dosel.share.printed import maps

    _, axes = maps._figure(view())
    maps._scale_bar(axes, (-71.0, -13.0, -69.0, -12.0))
    (line,) = axes.lines
    (west, east), (y, _) = line.get_xdata(), line.get_ydata()
    assert Geod(ellps="WGS84").inv(west, y, east, y)[2] == pytest.approx(50_000, rel=1e-5)
