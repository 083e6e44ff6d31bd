"""Both databases answer alike, whatever is asked of whatever is in them."""

from contextlib import closing
from functools import partial

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dosel.errors import StoreError
from dosel.store import Between, Not, open_store
from dosel.testing.contracts import alert_row

WORDS = st.one_of(
    st.sampled_from(
        ["", "a", "B", "b", "ä", "ñ", "Z", "z", "\uffff", "\U0001f333", "a b", "a\tb", "%", "'", "\\"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)
WHOLE = st.one_of(
    st.integers(-3, 3), st.sampled_from([2**31, -(2**31) - 1, 2**53 + 1, 2**63 - 1, -(2**63), 2**63])
)
REAL = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 1e-7, 2**60 + 1]),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**70), 2**70),
)
DEGREES = st.one_of(st.sampled_from([-69.5, -69.499, -12.5, 0.0, 0.1]), st.floats(-90, 90))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=5,
)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from(["box", "box", "box", "two", "empty", "none", "polygon"]))
    if kind == "none":
        return None
    if kind == "empty":
        return shapely.MultiPolygon()
    west, south = draw(DEGREES), draw(DEGREES)
    side = draw(st.sampled_from([0.001, 1.0, 1e-9]))
    box = shapely.box(west, south, west + side, south + side)
    if kind == "polygon":
        return box
    return shapely.MultiPolygon([box] if kind == "box" else [box, shapely.box(0, 0, 1, 1)])


@st.composite
def rows(draw):
    given_ = {
        "source": draw(WORDS),
        "external_id": draw(st.one_of(st.none(), WORDS)),
        "reason": draw(WORDS),
        "onset": draw(st.one_of(st.none(), WHOLE)),
        "pixels": draw(st.one_of(st.none(), WHOLE, st.booleans(), st.just(np.int32(7)))),
        "area_ha": draw(st.one_of(st.none(), REAL)),
        "evidence": draw(st.one_of(st.none(), REAL, st.just(np.float32(0.1)))),
        "parents": draw(JSON),
        "shape": draw(st.one_of(st.none(), st.binary(max_size=3))),
        "geometry": draw(shapes()),
    }
    return alert_row(draw(WORDS)) | given_


VALUES = {
    **dict.fromkeys(("source", "external_id", "reason", "id"), WORDS),
    **dict.fromkeys(("onset", "pixels"), WHOLE),
    **dict.fromkeys(("area_ha", "evidence"), REAL),
    "shape": st.binary(max_size=3),
    "parents": st.lists(st.integers(), max_size=1),
}
COLUMNS = st.sampled_from(sorted(VALUES))


@st.composite
def conditions(draw):
    wanted = {}
    for name in draw(st.lists(COLUMNS, max_size=2, unique=True)):
        one = VALUES[name] if draw(st.integers(0, 9)) else st.one_of(WORDS, WHOLE, REAL)  # a wrong kind, too
        may = st.one_of(st.none(), one)
        wanted[name] = draw(
            st.one_of(may, st.lists(may, max_size=4), st.builds(Between, may, may), st.builds(Not, may))
        )
    return wanted


@st.composite
def boxes(draw):
    west, south = draw(DEGREES), draw(DEGREES)
    east = draw(st.one_of(st.just(west), st.just(float(np.nextafter(west, 90))), DEGREES))
    return west, south, east, draw(st.one_of(st.just(south), st.just(np.inf), DEGREES))


QUESTIONS = st.fixed_dictionaries(
    {"where": conditions()},
    optional={
        "bbox": boxes(),
        "order_by": st.lists(st.builds(str.__add__, st.sampled_from(["", "-"]), COLUMNS), max_size=3),
        "limit": st.integers(-1, 4),
        "columns": st.lists(COLUMNS, max_size=3, unique=True),
    },
)
TALLIES = st.fixed_dictionaries(
    {"by": st.lists(COLUMNS, max_size=2, unique=True), "where": conditions()}, optional={"latest": COLUMNS}
)


@pytest.fixture(scope="module")
def both(tmp_path_factory, private_server):
    path = tmp_path_factory.mktemp("both") / "centre.gpkg"
    with closing(open_store(path)) as one, closing(open_store(private_server.place())) as two:
        yield one, two


def answer(ask):
    """Return what a store says, rows with geometries as bytes, or that it refused."""
    try:
        said = ask()
    except StoreError:
        return "refused"
    if isinstance(said, list):
        return [
            {n: shapely.to_wkb(v) if isinstance(v, shapely.Geometry) else v for n, v in r.items()}
            for r in said
        ]
    return said


def written(store, batches):
    """Write each batch by insert or upsert, each in its transaction; return what became of them."""
    with store.transaction():
        store.delete("alerts", {"id": Not(None), "superseded": 0})

    def write(verb, batch):
        with store.transaction():
            return getattr(store, verb)("alerts", batch)

    return [answer(partial(write, verb, batch)) for verb, batch in batches]


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from(["insert", "upsert", "upsert"]), st.lists(rows(), max_size=3)), max_size=4
    ),
    st.lists(QUESTIONS, min_size=1, max_size=4),
    st.lists(TALLIES, max_size=2),
)
def test_both_agree(both, batches, questions, tallies):
    """Mutants: order of NULL, of capitals, of signs beyond 16 bits; -0; 32 bits; rounding; one refuses."""
    one, two = both
    assert written(one, batches) == written(two, batches)
    everything = [answer(partial(store.select, "alerts")) for store in both]
    assert everything[0] == everything[1]
    assert repr(everything[0]) == repr(everything[1])  # 0.0 and -0.0, 1 and 1.0 and True
    for question in questions:
        assert answer(partial(one.select, "alerts", **question)) == answer(
            partial(two.select, "alerts", **question)
        )
    for tally in tallies:
        assert answer(partial(one.tally, "alerts", **tally)) == answer(partial(two.tally, "alerts", **tally))
