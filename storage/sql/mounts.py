"""Whether a file lies on a network file system, where SQLite's locks and shared memory do not hold.

SQLite's own documentation on write-ahead logging says that it does not work over a network file
system; two programs on two machines would each believe that they are alone.
"""

from __future__ import annotations

import os
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Where Linux tells what is mounted; other systems have no such file, and nothing is refused there."""

# fmt: off
_NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "pvfs2",
        "smb2",
        "smb3",
        "smbfs",
        "fuse.ceph",
        "fuse.curlftpfs",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.juicefs",
        "fuse.moosefs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.smbnetfs",
        "fuse.sshfs",
        "fuse.wdfs",
    }
)
# fmt: on


def mount_table() -> str:
    """Give the system's mount table in the form of ``/proc/self/mountinfo``; ``""`` where there is none."""
    try:
        return MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def network_file_system(folder: Path, mounts: str) -> str | None:
    """Give the type of the network file system that a folder lies on, or ``None`` for a local one.

    ``mounts`` is text in the form of ``/proc/self/mountinfo`` (proc(5)), given so that a test can
    say what is mounted.
    """
    real = os.path.realpath(folder)
    found = ""
    file_system = ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 7 or "-" not in fields[6:]:
            continue
        point = _unescaped(fields[4])
        # Of two mounts on one place the later one is seen, hence the equality.
        if _holds(point, real) and len(point) >= len(found):
            after = fields[fields.index("-", 6) + 1 :]
            found, file_system = point, after[0] if after else ""
    return file_system if file_system in _NETWORK else None


def _holds(point: str, path: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def _unescaped(field: str) -> str:
    for written, meant in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(written, meant)
    return field
