"""The limiter's file is its owner's alone, whatever was there before."""

import os
import stat

import pytest
from pyrate_limiter import Rate

from dfx_adapter.limits.circuit import Circuit
from dfx_adapter.limits.file_store import FileStore
from dfx_adapter.limits.private_file import make_private

RATE = Rate(1000, 1000)


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "l"


def take(path):
    store = FileStore(path)
    store.take("key", RATE, 1)
    store.close()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777], ids=oct)
def test_it_is_made_private_whatever_the_umask(tmp_path, umask):
    path = tmp_path / "state" / "bots" / "l"
    before = os.umask(umask)
    try:
        take(path)
    finally:
        os.umask(before)
    modes = [mode(path), mode(path.parent), mode(path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


@pytest.mark.parametrize("before", [0o666, 0o644, 0o640, 0o777, 0o400])
@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
def test_one_that_is_there_is_narrowed(path, before, suffix):
    found = path.with_name(path.name + suffix)
    found.touch()
    found.chmod(before)
    make_private(path)
    assert (mode(path), mode(found)) == (0o600, 0o600)


def test_what_sqlite_puts_beside_it_is_private(path):
    store = FileStore(path)
    store.take("key", RATE, 1)
    store._connection.execute("BEGIN IMMEDIATE")
    store._connection.execute("DELETE FROM bucket")
    assert {mode(beside) for beside in path.parent.iterdir()} == {0o600}
    store._connection.execute("ROLLBACK")
    store.close()


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_link_is_not_followed(path, tmp_path, suffix, target, caplog):
    aim = tmp_path / "aim"
    if target == "there":
        aim.write_bytes(b"")
        aim.chmod(0o644)
    link = path.with_name(path.name + suffix)
    link.symlink_to(aim)
    store = FileStore(path)
    assert Circuit("file:///l", store.failures).ask(lambda: store.take("key", RATE, 1)) is None
    assert f"PermissionError: {link} is a link, which is not followed" in caplog.text
    if target == "there":
        assert (aim.read_bytes(), mode(aim)) == (b"", 0o644)
    else:
        assert not aim.exists()


def test_a_folder_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    take(tmp_path / "linked" / "l")
    assert mode(tmp_path / "real" / "l") == 0o600


def test_a_second_name_is_refused(path, tmp_path):
    (tmp_path / "aim").touch()
    os.link(tmp_path / "aim", path)
    with pytest.raises(PermissionError, match="linked 2 times"):
        take(path)


def test_what_is_no_file_is_refused(path):
    path.mkdir()
    with pytest.raises(PermissionError, match="no plain file"):
        take(path)


def test_another_users_is_refused(path, mocker):
    path.touch()
    mocker.patch("os.geteuid", return_value=os.geteuid() + 1)
    with pytest.raises(PermissionError, match="another user's"):
        take(path)
