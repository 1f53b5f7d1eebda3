"""A test run that is killed leaves no PostgreSQL behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.postgresql import KINDS, Kind

RUN = """
import sys, time
from tests.postgresql import server
here = server(sys.argv[1])
print(here.execute("SHOW data_directory")[0][0], flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_run_leaves_no_server_and_no_folder(kind: Kind) -> None:
    run = subprocess.Popen([sys.executable, "-c", RUN, kind], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run.stdout:
        data = Path(run.stdout.readline().strip())
        pid = int((data / "postmaster.pid").read_text().split()[0])
        assert Path(f"/proc/{pid}").exists()
        run.send_signal(signal.SIGKILL)
        run.wait()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() or data.parent.exists():
        assert time.monotonic() < deadline, (pid, data)
        time.sleep(0.05)
