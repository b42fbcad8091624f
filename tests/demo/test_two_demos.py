"""Two demos started in one folder: the second is refused, and empties nothing of what the first has made."""

from pathlib import Path

import pytest
from commune_demo.main import empty, main
from commune_stack.places import DirectoryInUseError, StackDirectory


def test_a_second_demo_in_one_folder_is_refused_and_empties_nothing(tmp_path: Path) -> None:
    with StackDirectory(tmp_path, keep=True):
        (tmp_path / "inbox").mkdir()
        with pytest.raises(SystemExit, match="in use by another running stack"):
            main(["--once", "--output", str(tmp_path)])
        assert (tmp_path / "inbox").is_dir()


def test_a_folder_that_is_emptied_stays_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "plan.json").touch()
    with StackDirectory(tmp_path, keep=True):
        empty(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]
        with pytest.raises(DirectoryInUseError):
            StackDirectory(tmp_path, keep=True)
