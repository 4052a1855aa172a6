"""`server run`, started as `dev.py run` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.apps import an_app
from tests.house.source import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int, server: subprocess.Popen) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:  # refused, too slow, not ready
            time.sleep(0.2)
    pytest.fail("the server is not ready after a minute")


@pytest.mark.server
@pytest.mark.parametrize("workers", [[], ["--workers", "1"]])
def test_an_empty_folder_becomes_a_running_application_that_stops_when_told(tmp_path, workers):
    port = free_port()
    settings = {"DATA_DIR": str(tmp_path), "PORT": str(port), "STILLROOM_DEMO": "0"}
    unwanted = {"DATABASE_URL", "SECRET_KEY"}
    environment = {k: v for k, v in os.environ.items() if k not in unwanted} | settings
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "server", "run", *workers]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_until_ready(port, server)
            assert {"stillroom.db", "secret_key"} <= {file.name for file in tmp_path.iterdir()}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))  # nothing listens there any more


def test_a_taken_port_is_said_in_one_line(fresh_database, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with an_app(fresh_database, tmp_path, port=port) as app:
            result = app.test_cli_runner().invoke(args=["server", "run"])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output
    assert result.output.count("\n") == 1
