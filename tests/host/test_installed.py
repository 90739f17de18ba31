"""Installed plugins are found wherever importlib.metadata finds them, which is asked only then."""

import importlib.metadata
import subprocess
import sys
import zipfile

import pytest

from dfx_adapter.host.installed import installed

POINT = "acme = acme_exchange\n"
METADATA = "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n"


def described(folder, name="acme-1.0.dist-info", points=f"[dfx_adapter]\n{POINT}"):
    info = folder / name
    info.mkdir(parents=True)
    file = "METADATA" if name.endswith(".dist-info") else "PKG-INFO"
    (info / file).write_text(METADATA, encoding="utf-8")
    (info / "entry_points.txt").write_bytes(points.encode())
    return folder


def in_a_zip(folder):
    folder.mkdir()
    path = folder / "acme.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acme-1.0.dist-info/METADATA", METADATA)
        archive.writestr("acme-1.0.dist-info/entry_points.txt", f"[dfx_adapter]\n{POINT}")
    return path


PLACES = {
    "a wheel": described,
    "an egg-info": lambda folder: described(folder, "acme.egg-info"),
    "an egg": lambda folder: described(folder / "acme-1.0.egg", "EGG-INFO"),
    "in capitals": lambda folder: described(folder, "Acme-1.0.DIST-INFO"),
    "a zip file": in_a_zip,
    "after other sections": lambda folder: described(
        folder, points=f"[console_scripts]\nacme = acme:main\n\n[dfx_adapter]\n{POINT}"
    ),
    "lines of Windows": lambda folder: described(folder, points="[dfx_adapter]\r\nacme = a\r\n"),
}


@pytest.fixture
def asked(mocker):
    """How often importlib.metadata was asked."""
    return mocker.spy(importlib.metadata, "entry_points")


@pytest.mark.parametrize("place", PLACES)
def test_a_plugin_is_found_where_importlib_metadata_finds_it(place, tmp_path, mocker):
    mocker.patch.object(sys, "path", [str(PLACES[place](tmp_path / "site"))])
    expected = importlib.metadata.entry_points(group="dfx_adapter")
    assert [plugin.name for plugin in expected] == ["acme"]
    assert [plugin for plugin, _ in installed()] == list(expected)


def test_a_plugin_beside_the_program_is_found(tmp_path, mocker, monkeypatch):
    monkeypatch.chdir(described(tmp_path / "here"))
    mocker.patch.object(sys, "path", [""])
    assert [info.distribution for _, info in installed()] == ["acme 1.0"]


def test_where_no_distribution_declares_one_importlib_metadata_is_not_asked(
    tmp_path, mocker, asked
):
    site = described(tmp_path / "site", points="[console_scripts]\nacme = acme:main\n")
    (site / "old.egg-info").write_text(METADATA)  # of distutils: a file
    (site / "bare-2.0.dist-info").mkdir()
    mocker.patch.object(sys, "path", [str(site), str(tmp_path / "nowhere")])
    assert list(installed()) == []
    assert asked.call_count == 0


class Finder:
    """Finds distributions otherwise, as a freezer's importer may."""

    @staticmethod
    def find_spec(*_):
        return None

    @staticmethod
    def find_distributions(*_):
        return iter(())


def test_other_finders_of_distributions_are_asked_by_importlib_metadata(mocker, asked):
    mocker.patch.object(sys, "path", [])
    mocker.patch.object(sys, "meta_path", [*sys.meta_path, Finder])
    assert list(installed()) == []
    assert asked.call_count == 1


def test_what_cannot_be_read_is_left_to_importlib_metadata(mocker, asked, tmp_path):
    mocker.patch.object(sys, "path", [str(tmp_path)])
    mocker.patch("os.scandir", side_effect=PermissionError)
    assert list(installed()) == []
    assert asked.call_count == 1


def test_the_first_order_does_without_importlib_metadata(tmp_path):
    code = (
        "import sys, dfx_adapter\n"
        "sys.path[:] = []\n"
        "dfx_adapter.parse_orders('digifinex', b'[]')\n"
        "print('importlib.metadata' in sys.modules)"
    )
    command = [sys.executable, "-c", f"import dfx_adapter.host, pluggy, msgspec.structs\n{code}"]
    assert subprocess.check_output(command, text=True) == "False\n"
