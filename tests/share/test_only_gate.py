"""No way out but one: who writes vector files, and who makes what they write."""

import ast
from pathlib import Path

import pytest

import dosel

SOURCE = Path(dosel.__file__).parent
WRITERS = {
    "to_file",
    "to_parquet",
    "to_feather",
    "to_postgis",
    "to_geo_dict",
    "to_json",
    "write_dataframe",
    "write_arrow",
    "write_table",
    "ParquetWriter",
    "write_dataset",
    "__geo_interface__",
    "savefig",
    "pdf_standards",
}
"""Names of what writes vector files or turns outlines into text for others."""
ALLOWED = {
    "share/files.py": WRITERS,
    "share/policy.py": {"Released"},
    "share/printed/maps.py": {"savefig"},
    "share/printed/typeset.py": {"pdf_standards"},
}
MODULES = {"geopandas", "pyogrio", "fiona", "osgeo"}
"""Libraries that write vector files. Importing one elsewhere, to read, needs a word here."""
MAY_IMPORT = {
    "share/files.py",
    "stack/area.py",
    "alerts/partner/read.py",
    "pipeline/reference/vectors.py",
}  # all but the first only read


def leaks(name, text):
    """Return (module, line, what) of every use of a writer, or making of a Released, that is not allowed."""
    found = []
    for node in ast.walk(ast.parse(text)):
        used = getattr(node, "attr", None) or getattr(node, "id", None) or _imported(node)
        if used in WRITERS and used not in ALLOWED.get(name, ()):
            found.append((name, node.lineno, used))
        if isinstance(node, ast.Call) and _called(node) in {"Released", "replace"} and _makes_released(node):
            found += [] if "Released" in ALLOWED.get(name, ()) else [(name, node.lineno, "Released")]
        if isinstance(node, ast.Import | ast.ImportFrom) and name not in MAY_IMPORT:
            found += [(name, node.lineno, module) for module in _modules(node) if module in MODULES]
        if isinstance(node, ast.Name | ast.Attribute) and used == "_GATE" and name != "share/policy.py":
            found.append((name, node.lineno, "_GATE"))
    return found


def _imported(node):
    return node.name if isinstance(node, ast.alias) else None


def _called(node):
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def _makes_released(node):
    return _called(node) == "Released" or any(k.arg == "gate" for k in node.keywords)


def _modules(node):
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return [name.split(".")[0] for name in names]


def sources():
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.py"))
    }


def test_only_share_files_writes_vector_files():
    modules = {name: text for name, text in sources().items() if not name.startswith("testing/")}
    assert "share/files.py" in modules
    assert [leak for name, text in modules.items() for leak in leaks(name, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import geopandas as gpd",
        "from pyogrio import write_dataframe",
        "import pyogrio.raw",
        "table.to_file('out.gpkg')",
        "f = table.to_parquet",
        "import pyarrow.parquet as pq; pq.write_table(t, 'out.parquet')",
        "from dosel.share.policy import Released; Released('r', 'alerts', (), {}, {}, to, 'now', p, gate)",
        "import dosel.share.policy as p; p.Released(*everything)",
        "from dosel.share import policy; gate = policy._GATE",
        "dataclasses.replace(released, gate=gate)",
    ],
)
def test_the_check_sees_a_leak(text):
    """Mutant of the test itself: a check that finds nothing anywhere."""
    assert leaks("pipeline.py", text)
    assert leaks("share/kml.py", text)


def test_files_are_written_from_released_rows_only():
    """Mutant: rows go to a writer. Every public function ends in release() or takes a Released."""
    tree = ast.parse(sources()["share/files.py"])
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, node in functions.items():
        first = ast.unparse(node.args.args[0].annotation) if node.args.args else ""
        if first == "Store" and not name.startswith("_"):
            assert any(isinstance(n, ast.Call) and _called(n) == "release" for n in ast.walk(node)), name
        callers = {
            n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert not callers & {"_gpkg", "_parquet", "_geojson"}, name
        if "_WRITERS" in ast.unparse(node) and "check" not in name:
            assert first == "Released", name


PENS = {"write_text", "write_bytes", "writer", "DictWriter", "writerows", "to_csv", "to_excel", "write_sheet"}
"""Names of what writes any other file: lists, sheets, pages."""
MAY_WRITE = {
    "monitor/chunks.py": {"write_text"},  # states
    "pipeline/doctor.py": {"write_bytes"},  # trials of the disk
    "pipeline/feeds/import_feed.py": {"writer", "writerows"},  # what was refused, beside the database
    "pipeline/init.py": {"write_text"},  # settings
    "pipeline/meaning/blind_sheet.py": {"write_sheet"},  # inside the centre
    "share/files.py": PENS,
    "share/printed/typeset.py": {"write_bytes", "write_text"},  # only what was released
    "stack/sheet.py": {"write_sheet"},
}


def pens(name, text):
    """Return what a module writes files with, beside what it may."""
    used = {
        getattr(node, "attr", None) or getattr(node, "id", None) or _imported(node)
        for node in ast.walk(ast.parse(text))
    }
    return used & PENS - MAY_WRITE.get(name, set())


def test_every_pen_is_known():
    """Mutant: a list, sheet or page that goes past the gate."""
    modules = {name: text for name, text in sources().items() if not name.startswith("testing/")}
    assert {name: found for name, text in modules.items() if (found := pens(name, text))} == {}
    assert MAY_WRITE.keys() <= modules.keys()
    assert pens("pipeline/kml.py", "import csv; csv.writer(file).writerows(rows)") == {"writer", "writerows"}
