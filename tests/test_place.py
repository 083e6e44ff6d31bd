"""The address of a server and its section of the settings: refused in one sentence, never repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dosel.config import parse_settings
from dosel.config.place import Server, is_url, url_mistake
from dosel.errors import InputError, InputMistakesError
from dosel.pipeline.centre import database_of

SECRET = "open-sesame-42"  # noqa: S105 - not a real one
AREA = '[area]\nname = "a"\ncrs = "EPSG:32719"\nresolution_m = 10\nbbox = [-70, -13, -69, -12]\n'
REST = "[monitor]\nstart = 2024-01-01\n"
URL = "postgresql://ana@db.example.org/frontier"


def settings(store, environ=None):
    return parse_settings(AREA + REST + "[store]\n" + store, environ)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ana:{SECRET}@db.example.org/frontier",
        f"postgresql://ana:{SECRET}@/frontier?host=/run",
        f"postgresql://ana@db/frontier?password={SECRET}",
        f"postgresql://ana@db/frontier?sslmode=require&PassWord={SECRET}",
        f"postgresql://ana@db/frontier?pass%77ord={SECRET}",
        f"postgresql://ana:a/{SECRET}@db/frontier",
        f"postgresql://ana:a#{SECRET}@db/frontier",
        f"postgresql://ana:a?{SECRET}@db/frontier",
        f"postgresql://{SECRET}@x@db/frontier",
        f"postgresql+psycopg://ana:{SECRET}@db/frontier",
        f"host=db password={SECRET}",
        f"mysql://ana:{SECRET}@db",
    ],
)
def test_a_password_is_refused_and_not_repeated(url, tmp_path):
    """Mutant: the mistake quotes what came, as mistakes of other settings do."""
    with pytest.raises(InputMistakesError) as caught:
        settings(f'url = "{url}"')
    assert "store: url" in str(caught.value)
    assert SECRET not in str(caught.value)
    with pytest.raises(InputMistakesError) as caught:
        settings("", {"DOSEL_STORE__URL": url})
    assert SECRET not in str(caught.value)
    with pytest.raises(InputError) as caught:
        Server(url)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [f'password = "{SECRET}"', f'url = ["{SECRET}"]', f'password_env = "{SECRET}"', f'schema = ["{SECRET}"]'],
)
def test_no_mistake_repeats_what_stands_under_store(text):
    """Mutant: a secret in the wrong place comes back on the screen."""
    with pytest.raises(InputMistakesError) as caught:
        settings(text)
    assert SECRET not in str(caught.value)
    with pytest.raises(InputMistakesError) as caught:
        parse_settings(f'store = "postgresql://a:{SECRET}@b/c"\n' + AREA + REST)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "postgresql:///frontier?host=/var/run/postgresql",
        "postgres://db-1.example.org:5433/a_b?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql://ana@[::1]:5432/frontier",
        "postgresql://ana@one:5432,two:5433/frontier?target_session_attrs=read-write",
    ],
)
def test_good_addresses(url):
    """Mutants: sockets, IPv6, several hosts refused."""
    assert url_mistake(url) == ""
    assert is_url(url)


def test_a_file_is_no_url(tmp_path):
    assert not is_url(str(tmp_path / "centre.gpkg"))
    assert not is_url(":memory:")


@given(st.text(max_size=30))
def test_schemas_are_plain_names(name):
    """Mutant: a name that ends the quotes around it."""
    try:
        Server(URL, name)
    except InputError:
        return
    assert name.replace("_", "a").isascii()
    assert name.replace("_", "a").isalnum()
    assert name == name.lower()


def test_the_password_comes_from_its_variable(tmp_path):
    """Mutants: an unset variable is an empty password; the password is shown."""
    told = settings(f'url = "{URL}"\nschema = "tambopata"\npassword_env = "DB_PASSWORD"')
    server = database_of(told, tmp_path, {"DB_PASSWORD": SECRET})
    assert (server.password, server.schema) == (SECRET, "tambopata")
    assert SECRET not in repr(server) + str(server)
    with pytest.raises(InputError, match="DB_PASSWORD is not set"):
        database_of(told, tmp_path, {})
    assert database_of(settings(f'url = "{URL}"'), tmp_path, {"PGPASSWORD": SECRET}).password is None


def test_without_a_url_it_is_the_file(tmp_path):
    assert database_of(settings(""), tmp_path, {}) == tmp_path / "centre.gpkg"
