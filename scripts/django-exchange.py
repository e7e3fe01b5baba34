#!/usr/bin/env python3
"""Shows that factotum and a real Django share sessions, CSRF tokens, passwords and history over one SQLite database.

    $(scripts/django-venv.sh) scripts/django-exchange.py --shop target/debug/shop --factotum target/debug/factotum

Runs under the Python of scripts/django-venv.sh. Both servers are started on free ports and stopped at the end.
"""
import argparse
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "scripts" / "django_site"
SEED = ROOT / "examples" / "shop" / "seed" / "shop.sqlite.sql"
PASSWORD = "correct-horse-9"
HASHERS = ["pbkdf2_sha1", "argon2", "bcrypt_sha256", "scrypt"]
ANONYMOUS = ""


class Server:
    """A process that listens on a port of its own."""

    def __init__(self, command, environment=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = tempfile.TemporaryFile()
        line = [part.replace("{port}", str(self.port)) for part in command]
        self.process = subprocess.Popen(line, stdout=self.log, stderr=self.log, env=os.environ | (environment or {}))
        self.wait()

    def wait(self):
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.log.seek(0)
        sys.exit("a server did not start:\n" + self.log.read().decode(errors="replace")[-3000:])

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Browser:
    """One jar of cookies that talks to both servers, as if they stood behind one address."""

    def __init__(self, django, shop):
        self.django, self.shop = django, shop
        self.cookies = {"csrftoken": "a" * 32}

    def send(self, server, method, path, body=None, media=None):
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()), "X-CSRFToken": self.cookies.get("csrftoken", "")}
        if media:
            headers["Content-Type"] = media
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        raw = reply.read()
        connection.close()
        for cookie in reply.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            if value.strip('"') and "max-age=0" not in cookie.lower():
                self.cookies[name.strip()] = value
            else:
                self.cookies.pop(name.strip(), None)
        try:
            return reply.status, json.loads(raw or b"null")
        except ValueError:
            return reply.status, raw.decode(errors="replace")

    def sign_in_at_shop(self, username, password=PASSWORD):
        body = json.dumps({"username": username, "password": password})
        return self.send(self.shop, "POST", "/conjure/auth/login/", body, "application/json")[0]

    def sign_in_at_django(self, username, password=PASSWORD):
        body = urlencode({"username": username, "password": password})
        return self.send(self.django, "POST", "/login/", body, "application/x-www-form-urlencoded")[0]

    def sign_out_at_shop(self):
        return self.send(self.shop, "POST", "/conjure/auth/logout/")[0]

    def sign_out_at_django(self):
        return self.send(self.django, "POST", "/logout/")[0]

    def at_shop(self):
        status, body = self.send(self.shop, "GET", "/conjure/auth/me/")
        return body["username"] if status == 200 else ANONYMOUS

    def at_django(self):
        return self.send(self.django, "GET", "/whoami/")[1]["username"]


class Exchange:
    """The checks, each a method; the text of a check is its first line."""

    def __init__(self, django, shop, factotum, database):
        self.django, self.shop, self.factotum, self.database = django, shop, factotum, database

    def browser(self):
        return Browser(self.django, self.shop)

    def twin(self, browser):
        """The same cookies at the time of asking, kept when the original loses them."""
        twin = self.browser()
        twin.cookies = dict(browser.cookies)
        return twin

    def check_session_of_factotum_at_django(self):
        """a session that factotum made is accepted by Django"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("editor"), 200)
        equal(browser.at_django(), "editor")

    def check_session_of_django_at_factotum(self):
        """a session that Django made is accepted by factotum"""
        browser = self.browser()
        equal(browser.sign_in_at_django("editor"), 200)
        equal(browser.at_shop(), "editor")

    def check_logout_at_django(self):
        """signing out at Django, with factotum's CSRF token, ends the session at factotum"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("editor"), 200)
        before = self.twin(browser)
        equal(browser.sign_out_at_django(), 200)
        equal((browser.at_shop(), before.at_shop(), before.at_django()), (ANONYMOUS, ANONYMOUS, ANONYMOUS))

    def check_logout_at_factotum(self):
        """signing out at factotum, with Django's CSRF token, ends the session at Django"""
        browser = self.browser()
        equal(browser.sign_in_at_django("editor"), 200)
        before = self.twin(browser)
        equal(browser.sign_out_at_shop(), 204)
        equal((browser.at_django(), before.at_django(), before.at_shop()), (ANONYMOUS, ANONYMOUS, ANONYMOUS))

    def check_second_sign_in_elsewhere(self):
        """signing in at Django as another person replaces the session that factotum made, and the reverse"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("editor"), 200)
        equal(browser.sign_in_at_django("root"), 200)
        equal((browser.at_shop(), browser.at_django()), ("root", "root"))
        equal(browser.sign_in_at_shop("editor"), 200)
        equal((browser.at_shop(), browser.at_django()), ("editor", "editor"))

    def check_password_of_factotum_at_django(self):
        """a password set by factotum signs in at Django, and ends the sessions of that person at both"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("viewer"), 200)
        self.passwd("viewer", "battery-staple-7")
        equal((browser.at_shop(), browser.at_django()), (ANONYMOUS, ANONYMOUS))
        equal(self.browser().sign_in_at_django("viewer", PASSWORD), 403)
        equal(self.browser().sign_in_at_django("viewer", "battery-staple-7"), 200)

    def check_password_of_django_at_factotum(self):
        """a password set by Django signs in at factotum, and ends the sessions of that person at both"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("nobody"), 200)
        user = self.user("nobody")
        user.set_password("ünïcode-staple-7")
        user.save()
        equal((browser.at_shop(), browser.at_django()), (ANONYMOUS, ANONYMOUS))
        equal(self.browser().sign_in_at_shop("nobody", PASSWORD), 403)
        equal(self.browser().sign_in_at_shop("nobody", "ünïcode-staple-7"), 200)

    def check_every_hasher(self):
        """a password in each of Django's other hashes signs in at factotum, is upgraded, and still is Django's"""
        from django.contrib.auth.hashers import make_password

        for hasher in HASHERS:
            user = self.user("root")
            user.password = make_password(PASSWORD, hasher=hasher)
            user.save()
            equal((hasher, self.browser().sign_in_at_shop("root", "wrong")), (hasher, 403))
            equal((hasher, self.browser().sign_in_at_shop("root")), (hasher, 200))
            equal((hasher, self.user("root").password.split("$")[0]), (hasher, "pbkdf2_sha256"))
            equal((hasher, self.browser().sign_in_at_django("root")), (hasher, 200))

    def check_inactive(self):
        """a person switched off in Django is nobody at factotum at once, sessions included"""
        browser = self.browser()
        equal(browser.sign_in_at_django("editor"), 200)
        equal(browser.at_shop(), "editor")
        user = self.user("editor")
        user.is_active = False
        user.save()
        try:
            equal((browser.at_shop(), self.browser().sign_in_at_shop("editor")), (ANONYMOUS, 403))
        finally:
            user.is_active = True
            user.save()

    def check_history_of_factotum_at_django(self):
        """what factotum writes stands in the history page of Django's HTML admin, in Django's words"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("root"), 200)
        self.change(browser, "/conjure/r/shop.Product/1/", {"stock": 7, "name": "Größe 7"})
        self.change(browser, self.address("product/1/"), {"stock": 7})
        status, page = browser.send(self.django, "GET", "/admin/shop/product/1/history/")
        equal(status, 200)
        for words in ["Changed Name and Stock.", "No fields changed.", "root (Root User)", "Größe 7 (ANV-0000)"]:
            equal((words, words in page), (words, True))

    def check_recent_actions_at_django(self):
        """what factotum deletes stands among the recent actions of Django's HTML admin"""
        browser = self.browser()
        equal(browser.sign_in_at_shop("root"), 200)
        equal(browser.send(self.shop, "DELETE", self.address("productimage/7/"))[0], 204)
        status, page = browser.send(self.django, "GET", "/admin/")
        equal((status, "deletelink" in page, "image #7" in page), (200, True, True))

    def check_history_of_django_at_factotum(self):
        """what Django's HTML admin writes, also of rows edited with their parent, stands in factotum's history"""
        browser = self.browser()
        equal(browser.sign_in_at_django("root"), 200)
        form = {"name": "Brisk Anvil", "sku": "ANV-0001", "stock": "77", "images-TOTAL_FORMS": "3", "images-INITIAL_FORMS": "2"}
        images = self.images(2)
        for at, image in enumerate(images):
            form |= {f"images-{at}-{name}": value for name, value in image.items()}
        form |= {"images-0-caption": "Back", "images-1-DELETE": "on", "images-2-product": "2"}
        form |= {"images-2-url": "https://shop.example/new.png", "images-2-caption": "Front", "images-2-position": "9"}
        media = "application/x-www-form-urlencoded"
        equal(browser.send(self.django, "POST", "/admin/shop/product/2/change/", urlencode(form), media)[0], 302)
        status, body = browser.send(self.shop, "GET", self.address("product/2/history/"))
        equal(status, 200)
        entry = body["entries"][0]
        said = "Changed Stock. Added product image “Front”. Changed Caption for product image “Back”. Deleted product image “View 1”."
        equal((entry["change_message_human"], entry["user"]["label"]), (said, "root"))
        equal(len(entry["change_message_structured"]), 4)

    def address(self, path):
        return f"/admin-api/api/v1/shop/{path}"

    def change(self, browser, address, fields):
        equal(browser.send(self.shop, "PATCH", address, json.dumps(fields), "application/json")[0], 200)

    def images(self, product):
        """The images of a product as the HTML admin's form has them."""
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute("SELECT id, product_id, url, caption, position FROM shop_productimage WHERE product_id = ? ORDER BY id", [product])
            names = ["id", "product", "url", "caption", "position"]
            images = [dict(zip(names, map(str, row))) for row in rows]
        connection.close()
        return images

    def passwd(self, name, password):
        command = [self.factotum, "user", "passwd", name, "--database", f"sqlite:{self.database}", "--password-stdin"]
        done = subprocess.run(command, input=password + "\n", text=True, capture_output=True)
        equal((done.returncode, done.stderr if done.returncode else ""), (0, ""))

    def user(self, name):
        from django.contrib.auth.models import User

        return User.objects.get(username=name)


def equal(got, want):
    if got != want:
        raise AssertionError(f"expected {want!r}, got {got!r}")


def play(exchange):
    passed = failed = 0
    for name in [name for name in dir(exchange) if name.startswith("check_")]:
        check = getattr(exchange, name)
        try:
            check()
            passed += 1
            print(f"ok      {check.__doc__}", flush=True)
        except Exception as fault:
            failed += 1
            print(f"FAILED  {check.__doc__}\n        {type(fault).__name__}: {fault}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", required=True, help="the program of the example site")
    parser.add_argument("--factotum", required=True, help="the program factotum")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="exchange-") as folder:
        database = str(Path(folder) / "shop.sqlite3")
        with sqlite3.connect(database) as connection:
            connection.executescript(SEED.read_text())
        connection.close()
        os.environ |= {"DJANGO_SITE_DATABASE": database, "DJANGO_SETTINGS_MODULE": "pages_settings", "PYTHONPATH": str(SITE)}
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(SITE))
        import django

        django.setup()
        shop = Server([chosen.shop, "serve", "--database", f"sqlite:{database}", "--listen", "127.0.0.1:{port}"])
        site = Server([sys.executable, "-m", "django", "runserver", "--noreload", "--skip-checks", "127.0.0.1:{port}"])
        try:
            failed = play(Exchange(site, shop, chosen.factotum, database))
        finally:
            site.stop()
            shop.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
