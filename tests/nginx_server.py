"""nginx from Debian's packages with `docs/nginx.conf`, as a child on free ports of loopback."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess

from browser_helpers import ROOT, free_port
from conftest import DATA
from waiting import wait_until

FILE = ROOT / "docs" / "nginx.conf"
DASHBOARD, HUB = "switchyard.example.com", "hub.example.com"
CERTIFICATE = DATA / "self-signed.pem"
AROUND = """
daemon off;
{user}
pid nginx.pid;
error_log error.log;
events {{}}
http {{
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include switchyard.conf;
}}
"""


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class NginxServer:
    """Serves the file that is handed out; only ports, certificate and log are the test's own.

    Args:
        folder: For its files.
        dashboard: Port of the dashboard.
        hub: Port of the hub.
    """

    def __init__(self, folder, dashboard=8501, hub=8600):
        self.folder, self.port, self.hub_port = folder, free_port(), free_port()
        text = FILE.read_text(encoding="utf-8")
        for before, after in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"),
            ("http://127.0.0.1:8501", f"http://127.0.0.1:{dashboard}"),
            ("http://127.0.0.1:8600", f"http://127.0.0.1:{hub}"),
            ("/etc/ssl/switchyard.pem", str(CERTIFICATE)),
            ("/etc/ssl/switchyard.key", str(CERTIFICATE)),
            ("/var/log/nginx/switchyard.log", "access.log"),
        ):
            assert before in text, before
            text = text.replace(before, after)
        head, hub_server = text.split("# the hub,")
        hub_server = hub_server.replace(f":{self.port} ssl", f":{self.hub_port} ssl")
        (folder / "switchyard.conf").write_text(f"{head}# the hub,{hub_server}")
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(AROUND.format(user=user))

    def __enter__(self):
        path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert path, "nginx is missing; `make test` installs it or says how"
        words = [path, "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        with (self.folder / "words").open("wb") as words_file:
            self.process = subprocess.Popen(
                words, stdout=words_file, stderr=words_file, preexec_fn=_end_with_parent
            )
        wait_until(self._answers)
        return self

    def _answers(self):
        assert self.process.poll() is None, (self.folder / "words").read_text()
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.hub_port)) == 0

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)

    @property
    def log(self):
        """What it wrote of requests."""
        return (self.folder / "access.log").read_text()
