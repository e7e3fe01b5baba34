"""The reference shop's program for scripts that talk to it: a server over a fresh database, and somebody signed in at each
of its contracts.
"""
import contextlib
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parent.parent
SEED = ROOT / "examples" / "shop" / "seed" / "shop.sqlite.sql"
# A site that is nothing but a file, for the program that stands beside the shop's.
PUBLISHED = ROOT / "examples" / "packages"
PASSWORD = "correct-horse-9"
TOKEN = "a" * 32


class Client:
    """Somebody signed in at a server."""

    def __init__(self, port):
        self.port, self.headers = port, {"Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def ask(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json", **self.headers})
        response = connection.getresponse()
        text = response.read()
        if response.status != 200:
            sys.exit(f"{method} {path}: {response.status} {text[:200]!r}")
        for cookie in response.headers.get_all("set-cookie") or []:
            if cookie.startswith("sessionid="):
                self.headers["Cookie"] += "; " + cookie.split(";")[0]
        return json.loads(text)


def by_session(path):
    return lambda client: client.ask("POST", path, {"username": "root", "password": PASSWORD})


def by_token(client):
    said = client.ask("POST", "/admin/api/auth/login", {"email": "root@example.com", "password": PASSWORD})
    client.headers["Authorization"] = "Bearer " + said["access_token"]


# How somebody signs in, and where the document is.
CONTRACTS = {
    "conjure": (by_session("/conjure/auth/login/"), "/conjure/openapi.json"),
    "django_admin": (by_session("/admin-api/api/v1/login/"), "/admin-api/api/v1/openapi.json"),
    "litestar": (by_token, "/schema/openapi.json"),
    "packages": (lambda client: None, "/api/v4/openapi.json"),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(shop, folder, name):
    """A server of a contract over a fresh database."""
    seed, program = SEED, [shop, "serve"]
    if name == "packages":
        seed = PUBLISHED / "seed" / "packages.sql"
        program = [shop.with_name("factotum"), "serve", "--config", PUBLISHED / "factotum.toml"]
    base, port = pathlib.Path(folder, "shop.sqlite3"), free_port()
    with sqlite3.connect(base) as connection:
        connection.executescript(seed.read_text())
    connection.close()
    environment = {"PATH": os.environ["PATH"], "RUST_LOG": "error", "FACTOTUM__SITE__MEDIA_ROOT": folder}
    command = [*program, "--database", f"sqlite:{base}", "--listen", f"127.0.0.1:{port}"]
    log = open(pathlib.Path(folder, "log"), "w")
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
        time.sleep(0.1)
    server.kill()
    sys.exit("the server did not start")


@contextlib.contextmanager
def entered(name, shop, folder):
    """A server of a contract, somebody who may do everything there, the contract's document in a file, and the address
    that its paths are below. The server is stopped at the end.
    """
    server, port = serve(shop, folder, name)
    try:
        sign_in, place = CONTRACTS[name]
        client = Client(port)
        sign_in(client)
        document = client.ask("GET", place)
        below = document.get("servers", [{"url": ""}])[0]["url"]
        schema = pathlib.Path(folder, f"{name}.json")
        schema.write_text(json.dumps(document))
        yield server, client, schema, f"http://127.0.0.1:{port}{below}"
    finally:
        server.terminate()
        server.wait()
