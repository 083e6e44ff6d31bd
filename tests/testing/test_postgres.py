"""The private server: what is said where there is none, and that it leaves nothing behind."""

import pytest

from dosel.testing import postgres
from dosel.testing.postgres import MAY_NOT_SKIP, NoServerError, absent, make_server, remove_server


def test_without_postgresql_the_reason_is_said(monkeypatch, tmp_path):
    """Mutant: a FileNotFoundError of initdb, or a folder that is left."""
    monkeypatch.setattr(postgres.shutil, "which", lambda _: None)
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres.tempfile, "mkdtemp", lambda **_: pytest.fail("made"))
    with pytest.raises(NoServerError, match=r"no initdb found|psycopg is not installed"):
        make_server()


def test_tests_skip_or_fail_by_the_variable():
    """Mutant: a build that tests nothing of the server and is green."""
    with pytest.raises(pytest.skip.Exception, match="no PostGIS here: none"):
        absent("none", {})
    with pytest.raises(pytest.fail.Exception, match="PostGIS must be here: none"):
        absent("none", {MAY_NOT_SKIP: "1"})


def test_a_server_is_heard_on_its_socket_alone_and_leaves_nothing(private_server):
    """Mutants: a port is open to the machine; the folder stays."""
    assert private_server.run("SHOW listen_addresses") == [("",)]
    server = make_server()
    process = server.process
    remove_server(server)
    assert process is not None
    assert process.poll() is not None
    assert not server.folder.exists()
