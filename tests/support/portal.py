"""A portal with the demonstration's people, on a folder and ports of its own: what the scripts that fuzz and measure it
share. Only what Python brings along is used."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

# Everybody's password (src/demo/cast.rs).
PASSWORD = "drei Stuehle am Stammtisch"
MEMBERS = [
    "anna.beispiel@musterhausen.example",
    "bernd.hansen@musterhausen.example",
    "cem.yildiz@musterhausen.example",
    "dagmar.koehler@musterhausen.example",
    "emil.schroeder@beispieltal.example",
    "fatma.oeztuerk@beispieltal.example",
    "gerd.lindner@beispieltal.example",
    "hanna.vogt@beispieltal.example",
    "ivo.novak@musterland.example",
    "jana.petersen@musterland.example",
]


def free_port():
    """A port outside the range that the system takes ports of outgoing connections from."""
    for _ in range(1000):
        port = 20000 + int.from_bytes(os.urandom(2), "big") % 10000
        with socket.socket() as taken, contextlib.suppress(OSError):
            taken.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


class Portal:
    """`serve --demo`, ready and with rate limits off; `settings` are more of its environment variables."""

    def __init__(self, program, settings=None):
        self.folder = tempfile.mkdtemp(prefix="stammtisch-scripts-")
        os.chmod(self.folder, 0o711)  # the database's user passes through where root runs this
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        # Nothing of whoever calls may change the settings.
        env = {name: value for name, value in os.environ.items() if not name.startswith(("STAMMTISCH_", "DATABASE_URL"))}
        env |= {
            "STAMMTISCH_DATA_DIR": os.path.join(self.folder, "data"),
            "STAMMTISCH_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "STAMMTISCH_SERVER__METRICS_LISTEN": f"127.0.0.1:{free_port()}",
            "STAMMTISCH_SERVER__PUBLIC_URL": self.origin,
            "STAMMTISCH_LIMITS__ENABLED": "false",
            "STAMMTISCH_LOG__FILTER": "warn",
        }
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [program, "serve", "--demo"], env=env | (settings or {}), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )
        self.pid = self.process.pid

    def __enter__(self):
        # Nothing is left behind by whoever ends the script.
        signal.signal(signal.SIGTERM, lambda *_: exit(143))
        try:
            self._await_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _await_ready(self):
        for _ in range(1800):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.connect().ask("GET", "/health/ready").status == 200:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the portal does not start: {self.said()}")

    def said(self):
        """What it wrote to its log, beginning with warnings."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, cookie=None):
        return Connection(self.port, cookie)

    def sign_in(self, email):
        """The session's cookie of whoever signs in, as a header carries it."""
        answer = self.connect().ask("POST", "/api/v1/session", {"email": email, "password": PASSWORD})
        if answer.status != 200:
            raise RuntimeError(f"{email} cannot sign in: {answer.status} {answer.body.decode()}")
        cookies = [value.split(";")[0] for name, value in answer.headers if name.lower() == "set-cookie"]
        return next(cookie for cookie in cookies if cookie.startswith("session="))

    def memory_mib(self, key="VmRSS"):
        """The process' memory now, or with `VmHWM` the most there was."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith(f"{key}:"))
        return int(line.split()[1]) / 1024


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Connection:
    """One that is kept open, as whoever has this cookie."""

    def __init__(self, port, cookie=None):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = cookie

    def ask(self, method, path, body=None):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())

    def read(self, path, **query):
        """What a path says to this reader; None where it says nothing."""
        answer = self.ask("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))
        return answer.json() if answer.status == 200 else None
