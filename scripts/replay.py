#!/usr/bin/env python3
"""Plays recorded conversations against a running server and says where its answers differ.

A conversation is a JSON file: `about`, `seed`, and `steps` that run in order on one freshly seeded database. A step has

    id, jar      its name, and the cookie jar (a made-up browser) that sends it
    send         method, path, headers, and one of json, form, multipart ([name, filename, type, text], ..), text
    csrf         false leaves out the token header that unsafe methods send otherwise
    expect       status, headers, and one of json, text, sha256 (any binary body)
    save         {name: JSON pointer} into the answer, or `header:NAME`; {name} stands for the value in later steps
    mask         JSON pointers (with *) where only the type must agree; `header:NAME` for a header
    unordered    JSON pointers (with *) of arrays that are compared as multisets

Examples:

    replay.py conversations/conjure --seed examples/shop/seed/shop.sqlite.sql \\
        --start 'target/debug/shop serve --database sqlite:{db} --listen 127.0.0.1:{port}'
    replay.py conversations/conjure --seed examples/shop/seed/shop.postgres.sql --postgres postgres://postgres@localhost/postgres \\
        --overlay conversations/postgres-overlay.json --start 'target/debug/shop serve --database {db} --listen 127.0.0.1:{port}'
    replay.py conversations/conjure/bulk.json --base http://127.0.0.1:8000

With --start every file has a server and a database of its own. Only the standard library is used, and psql for PostgreSQL.
"""
import argparse
import fnmatch
import hashlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

TOKEN = "a" * 32
BOUNDARY = "----conversation5f1c"
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
START_SECONDS = 60


class Jar:
    """The cookies of one made-up browser. It starts with a CSRF cookie of its own making."""

    def __init__(self):
        self.cookies = {"csrftoken": TOKEN}

    def header(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def take(self, set_cookie):
        pair, *attributes = set_cookie.split(";")
        name, _, value = pair.strip().partition("=")
        expired = any(a.strip().lower() == "max-age=0" for a in attributes)
        if expired or value in ("", '""'):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def fill(text, saved):
    """`text` with every {name} of the saved values replaced."""
    for name, value in saved.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def multipart(parts):
    out = []
    for name, filename, content_type, text in parts:
        out.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"')
        out.append(f'; filename="{filename}"' if filename else "")
        out.append(f"\r\nContent-Type: {content_type}" if content_type else "")
        out.append(f"\r\n\r\n{text}\r\n")
    return "".join(out) + f"--{BOUNDARY}--\r\n"


def body_of(send, saved):
    """The body of a step and the content type that belongs to it; the type is None where the step gives its own."""
    if "json" in send:
        return fill(json.dumps(send["json"]), saved), "application/json"
    if "form" in send:
        return urlencode(send["form"], doseq=True), "application/x-www-form-urlencoded"
    if "multipart" in send:
        return multipart(send["multipart"]), f"multipart/form-data; boundary={BOUNDARY}"
    if "text" in send:
        return fill(send["text"], saved), None
    return None, None


def ask(base, step, jar, saved):
    """Sends one step; returns what came back in the shape of `expect`."""
    send, url = step["send"], urlsplit(base)
    body, content_type = body_of(send, saved)
    headers = {name: fill(value, saved) for name, value in send.get("headers", {}).items()}
    if content_type:
        headers.setdefault("Content-Type", content_type)
    if step.get("csrf", True) and send["method"] not in SAFE:
        headers.setdefault("X-CSRFToken", jar.cookies.get("csrftoken", TOKEN))
    headers["Cookie"] = jar.header()
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    try:
        connection.request(send["method"], fill(send["path"], saved), None if body is None else body.encode(), headers)
        reply = connection.getresponse()
        raw = reply.read()
    finally:
        connection.close()
    for cookie in reply.msg.get_all("Set-Cookie") or []:
        jar.take(cookie)
    return answer(reply, raw)


def answer(reply, raw):
    got = {"status": reply.status, "headers": {name.lower(): value for name, value in reply.getheaders()}}
    if raw and "json" in got["headers"].get("content-type", "").lower():
        try:
            return got | {"json": json.loads(raw)}
        except ValueError:
            pass
    if raw:
        try:
            got["text"] = raw.decode()
        except UnicodeDecodeError:
            got["sha256"] = hashlib.sha256(raw).hexdigest()
    return got


def shape(value):
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number"
    return {dict: "object", list: "array", str: "text", bool: "boolean", type(None): "null"}[type(value)]


class Comparison:
    """Two JSON documents side by side; `faults` are the places where they differ."""

    def __init__(self, mask, unordered):
        self.mask, self.unordered, self.faults = mask, unordered, []

    def says(self, patterns, where):
        return any(fnmatch.fnmatchcase(where or "/", pattern) for pattern in patterns)

    def walk(self, want, got, where=""):
        if shape(want) != shape(got):
            self.faults.append(f"{where or '/'}: expected {want!r:.200}, got {got!r:.200}")
        elif self.says(self.mask, where):
            pass
        elif isinstance(want, dict):
            self.walk_object(want, got, where)
        elif isinstance(want, list):
            self.walk_array(want, got, where)
        elif want != got:
            self.faults.append(f"{where or '/'}: expected {want!r:.200}, got {got!r:.200}")

    def walk_object(self, want, got, where):
        self.faults += [f"{where}/{key}: missing" for key in want.keys() - got.keys()]
        self.faults += [f"{where}/{key}: unexpected, {got[key]!r:.120}" for key in got.keys() - want.keys()]
        for key in want:
            if key in got:
                self.walk(want[key], got[key], f"{where}/{key}")

    def walk_array(self, want, got, where):
        if len(want) != len(got):
            self.faults.append(f"{where or '/'}: expected {len(want)} items, got {len(got)}")
            return
        if self.says(self.unordered, where):
            want, got = (sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) for items in (want, got))
        for index, (one, other) in enumerate(zip(want, got)):
            self.walk(one, other, f"{where}/{index}")


def faults_of(step, got):
    """Every difference between what a step expects and what came back."""
    want, mask = step["expect"], step.get("mask", [])
    if want["status"] != got["status"]:
        said = json.dumps(got.get("json", got.get("text", "")))
        return [f"status: expected {want['status']}, got {got['status']} {said:.200}"]
    plain = lambda value: (value or "").lower().replace("; charset=utf-8", "").replace(";charset=utf-8", "")
    faults = [
        f"header {name}: expected {value!r}, got {got['headers'].get(name)!r}"
        for name, value in want.get("headers", {}).items()
        if f"header:{name}" not in mask and plain(value) != plain(got["headers"].get(name))
    ]
    if "json" in want and "json" in got:
        comparison = Comparison(mask, step.get("unordered", []))
        comparison.walk(want["json"], got["json"])
        return faults + comparison.faults
    if "json" in want:
        faults.append(f"body: not JSON: {got.get('text', '')!r:.200}")
    elif "text" in want and "/" not in mask and want["text"] != got.get("text"):
        faults.append(f"body: expected {want['text']!r:.160}, got {got.get('text')!r:.160}")
    elif "sha256" in want and "/" not in mask and "sha256" not in got:
        faults.append("body: expected a binary one")
    return faults


def pick(document, pointer):
    for part in pointer.strip("/").split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def overlaid(step, changes):
    """The step as another database answers it: keys of `expect` and marks replaced, everything else as recorded."""
    if not changes:
        return step
    return step | {"expect": step["expect"] | changes.get("expect", {})} | {k: changes[k] for k in ("mask", "unordered") if k in changes}


def play(path, base, overlay):
    """Plays one file; returns the number of steps and the failed ones with their faults and answers."""
    steps = json.loads(path.read_text())["steps"]
    jars, saved, failed = {}, {}, []
    for recorded in steps:
        step = overlaid(recorded, overlay.get(f"{path.parent.name}/{path.stem}", {}).get(recorded["id"]))
        jar = jars.setdefault(step.get("jar", "anonymous"), Jar())
        try:
            got = ask(base, step, jar, saved)
        except (OSError, http.client.HTTPException) as broken:
            got = {"status": 0, "headers": {}, "text": f"{type(broken).__name__}: {broken}"}
        faults = faults_of(step, got)
        if faults:
            failed.append((step, faults, got))
        for name, pointer in step.get("save", {}).items():
            try:
                header = pointer.startswith("header:")
                saved[name] = got["headers"][pointer[7:].lower()] if header else pick(got.get("json"), pointer)
            except (KeyError, IndexError, TypeError, ValueError):
                saved[name] = "missing"
    return len(steps), failed


class SqliteSeed:
    """A new SQLite file for every conversation, filled from SQL text once and copied."""

    def __init__(self, sql, folder):
        self.source, self.folder, self.count = Path(folder) / "seeded.sqlite3", Path(folder), 0
        with sqlite3.connect(self.source) as db:
            db.executescript(Path(sql).read_text())

    def fresh(self):
        self.count += 1
        path = self.folder / str(self.count) / "db.sqlite3"
        path.parent.mkdir()
        path.write_bytes(self.source.read_bytes())
        return str(path)

    def drop(self, path):
        pass

    def close(self):
        pass


class PostgresSeed:
    """A new PostgreSQL database for every conversation, cloned from a template that is filled from SQL text once."""

    def __init__(self, sql, url):
        self.url, self.name, self.count = urlsplit(url), f"replay_{os.getpid()}", 0
        self.psql(f'CREATE DATABASE "{self.name}"')
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(sql), self.address(self.name)], check=True, stdout=subprocess.DEVNULL)

    def address(self, name):
        return urlunsplit(self.url._replace(path="/" + name))

    def psql(self, statement):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url.geturl()], check=True, stdout=subprocess.DEVNULL)

    def fresh(self):
        self.count += 1
        name = f"{self.name}_{self.count}"
        self.psql(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return self.address(name)

    def drop(self, address):
        self.psql(f'DROP DATABASE IF EXISTS "{urlsplit(address).path[1:]}" WITH (FORCE)')

    def close(self):
        self.psql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Server:
    """The server of one conversation: started on a free port, stopped with its whole process group."""

    def __init__(self, command, database):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile()
        line = command.replace("{db}", database).replace("{port}", str(port))
        self.process = subprocess.Popen(line, shell=True, stdout=self.log, stderr=self.log, start_new_session=True)
        self.wait(port)

    def wait(self, port):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        self.log.seek(0)
        sys.exit("the server did not start:\n" + self.log.read().decode(errors="replace")[-3000:])

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()


def files_of(paths):
    for path in map(Path, paths):
        yield from sorted(path.glob("*.json")) if path.is_dir() else [path]


def report(path, steps, failed, quiet):
    print(f"{path.parent.name}/{path.stem}: {steps - len(failed)}/{steps}", flush=True)
    if quiet:
        return
    for step, faults, _ in failed:
        print(f"  {step['id']}  {step['send']['method']} {step['send']['path']}")
        for fault in faults[:6]:
            print(f"      {fault}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", help="folders or files of conversations")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--base", help="a running server; the database is not reset between files")
    where.add_argument("--start", help="the command of a server; {db} and {port} are replaced")
    parser.add_argument("--seed", help="SQL text that fills the database of every file")
    parser.add_argument("--postgres", metavar="URL", help="seed databases on this server; {db} is the URL of each")
    parser.add_argument("--overlay", action="append", default=[], help="a file with the steps that are answered otherwise: by decision, or by another database")
    parser.add_argument("--answers", metavar="FILE", help="write the answers of failed steps to FILE as JSON")
    parser.add_argument("--quiet", action="store_true", help="only the totals of each file")
    chosen = parser.parse_args()
    if chosen.start and not chosen.seed:
        parser.error("--start needs --seed")
    return chosen


def main():
    chosen = arguments()
    overlay = {}
    for file in chosen.overlay:
        for conversation, steps in json.loads(Path(file).read_text())["steps"].items():
            overlay.setdefault(conversation, {}).update(steps)
    steps = failures = 0
    answers = {}
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        seed = None
        if chosen.start:
            seed = PostgresSeed(chosen.seed, chosen.postgres) if chosen.postgres else SqliteSeed(chosen.seed, folder)
        try:
            for path in files_of(chosen.paths):
                count, failed = one_file(path, chosen, seed, overlay)
                report(path, count, failed, chosen.quiet)
                steps, failures = steps + count, failures + len(failed)
                answers |= {f"{path.parent.name}/{path.stem}/{step['id']}": got for step, _, got in failed}
        finally:
            if seed:
                seed.close()
    if chosen.answers:
        Path(chosen.answers).write_text(json.dumps(answers, indent=1, ensure_ascii=False))
    print(f"{steps - failures} passed, {failures} failed")
    sys.exit(1 if failures or not steps else 0)


def one_file(path, chosen, seed, overlay):
    if not seed:
        return play(path, chosen.base, overlay)
    database = seed.fresh()
    server = Server(chosen.start, database)
    try:
        return play(path, server.base, overlay)
    finally:
        server.stop()
        seed.drop(database)


if __name__ == "__main__":
    main()
