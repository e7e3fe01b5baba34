"""Every contract under requests made from its own OpenAPI document: no 5xx, no status, media type or body that the
document does not know.

    $(scripts/fuzz-venv.sh) scripts/fuzz.py --shop target/debug/shop            # as ./test does: few requests, always the same
    $(scripts/fuzz-venv.sh) scripts/fuzz.py --shop target/release/shop --seconds 600 --seed 42 --only conjure

Needs schemathesis. Each contract gets a server of its own over a freshly seeded database; somebody who may do everything
is signed in. Operations that would end this sign-in are left out.
"""
import argparse
import http.client
import json
import os
import pathlib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent
SEED = ROOT / "examples" / "shop" / "seed" / "shop.sqlite.sql"
PASSWORD = "correct-horse-9"
TOKEN = "a" * 32
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# What would sign out, or change who is signed in.
ENDS = r"logout|password|/users|auth\.User|auth/user|auth\.Group|auth/refresh"


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
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(shop, folder):
    """A server over a fresh database."""
    base, port = pathlib.Path(folder, "shop.sqlite3"), free_port()
    with sqlite3.connect(base) as connection:
        connection.executescript(SEED.read_text())
    connection.close()
    environment = {"PATH": os.environ["PATH"], "RUST_LOG": "error", "FACTOTUM__SITE__MEDIA_ROOT": folder}
    command = [shop, "serve", "--database", f"sqlite:{base}", "--listen", f"127.0.0.1:{port}"]
    log = open(pathlib.Path(folder, "log"), "w")
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
        time.sleep(0.1)
    server.kill()
    sys.exit("the server did not start")


def fuzz(name, chosen, folder):
    """Whether a contract holds to its document."""
    sign_in, place = CONTRACTS[name]
    server, port = serve(chosen.shop, folder)
    try:
        client = Client(port)
        sign_in(client)
        document = client.ask("GET", place)
        below = document.get("servers", [{"url": ""}])[0]["url"]
        schema = pathlib.Path(folder, "openapi.json")
        schema.write_text(json.dumps(document))
        program = pathlib.Path(sys.executable).with_name("st")
        command = [program, "run", schema, "--url", f"http://127.0.0.1:{port}{below}", "--checks", CHECKS,
                   "--phases", "coverage,fuzzing", "--max-examples", str(chosen.examples), "--seed", str(chosen.seed),
                   "--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off", "--no-color",
                   "--exclude-path-regex", ENDS]
        command += ["--max-time", str(chosen.seconds)] if chosen.seconds else []
        for header, value in client.headers.items():
            command += ["-H", f"{header}: {value}"]
        ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        tail = ended.stdout if ended.returncode else "\n".join(ended.stdout.strip().splitlines()[-1:])
        print(f"{name}: {tail}", flush=True)
        alive = server.poll() is None
        return ended.returncode == 0 and alive
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", required=True)
    parser.add_argument("--only", choices=CONTRACTS)
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="go on for as long, for each contract")
    chosen = parser.parse_args()
    chosen.shop = pathlib.Path(chosen.shop).resolve()
    held = True
    for name in [chosen.only] if chosen.only else CONTRACTS:
        with tempfile.TemporaryDirectory() as folder:
            held &= fuzz(name, chosen, folder)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
