import pytest

from checks.repository.declarations.requirement import normalised
from checks.validation.known.distributions import brings, fits, import_names, is_shared, of_import, ranks, tops

MAPPED = [
    ("pyyaml", "yaml"),
    ("pillow", "PIL.Image"),
    ("scikit-learn", "sklearn"),
    ("python-dateutil", "dateutil.parser"),
    ("beautifulsoup4", "bs4"),
    ("opencv-python", "cv2"),
    ("protobuf", "google.protobuf"),
    ("attrs", "attr"),
    ("attrs", "attrs"),
    ("setuptools", "pkg_resources"),
    ("setuptools", "distutils.core"),
    ("google-cloud-storage", "google.cloud.storage"),
    ("zope-interface", "zope.interface"),
    ("django-filter", "django_filters"),
    ("gitpython", "git"),
    ("pyjwt", "jwt"),
    ("psycopg2-binary", "psycopg2"),
    ("pycryptodome", "Crypto.Cipher"),
    ("grpcio", "grpc"),
    ("pywin32", "win32api"),
    ("msgpack", "msgpack"),
    ("typing-extensions", "typing_extensions"),
    ("apache-airflow", "airflow.models"),
    ("opentelemetry-api", "opentelemetry.trace"),
    ("python-acme-client", "acme_client"),
    ("acme-lib", "acme_lib"),
    ("acme-client-py", "acme_client"),
    ("pyacme", "acme"),
]
APART = [
    ("pyyaml", "pyyaml"),
    ("pillow", "pillow"),
    ("requests", "request"),
    ("types-requests", "requests"),
    ("pandas-stubs", "pandas"),
    ("numpy", "numpi"),
    ("beautifulsoup4", "beautifulsoup4"),
    ("acme", "emca"),
]


@pytest.mark.parametrize(("distribution", "module"), MAPPED)
def test_what_a_distribution_brings(distribution: str, module: str) -> None:
    assert brings(distribution, module)


@pytest.mark.parametrize(("distribution", "module"), APART)
def test_what_it_does_not_bring(distribution: str, module: str) -> None:
    assert not brings(distribution, module)


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("yaml", "pyyaml"),
        ("PIL.Image", "pillow"),
        ("requests", "requests"),
        ("cv2", "opencv-python"),
        ("bs4", "beautifulsoup4"),
    ],
)
def test_where_a_module_is_found(module: str, first: str) -> None:
    assert of_import(module)[0] == first


def test_nothing_brings_an_invented_module() -> None:
    assert of_import("reqeusts_toolbox_pro") == ()


def test_namespaces() -> None:
    assert is_shared("google")
    assert not is_shared("yaml")
    assert fits("google-cloud-storage", "google.cloud.storage.blob")
    assert fits("protobuf", "google.protobuf")
    assert not fits("google-auth", "google.cloud.storage")
    assert fits("pyyaml", "yaml.nodes")


def test_the_bundled_lists_are_whole() -> None:
    assert len(ranks()) > 14_000
    assert all(name == normalised(name) for name in ranks())
    assert list(ranks())[:1] == ["boto3"]
    assert len([name for name in ranks() if tops(name)[1]]) > 13_000
    assert "tests" not in import_names()
