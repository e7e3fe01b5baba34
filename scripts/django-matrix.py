#!/usr/bin/env python3
"""Asks a real Django who may do what, and compares with the golden file of permissions.

    $(scripts/django-venv.sh) scripts/django-matrix.py            # fails when conversations/matrix is not what Django says
    $(scripts/django-venv.sh) scripts/django-matrix.py --write    # writes it anew

The cases are conversations/matrix/django-admin.json; the site is scripts/django_site/shop over the seed of the example.
A line of the golden file is: model | endpoint | row | answer | people. Where ours differs from the original by
decision, the line ends with what Django says and the reason, after `instead of`.
"""
import argparse
import difflib
import json
import os
import re
import sqlite3
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "scripts" / "django_site"
SEED = ROOT / "examples" / "shop" / "seed" / "shop.sqlite.sql"
MATRIX = ROOT / "conversations" / "matrix"
TOKEN = "a" * 32
WORDS = ("view", "add", "change", "delete")
FIRST_PERSON = 900001
GROUP = 900001


# ---- people ----------------------------------------------------------------------------------------------------------


def username(person):
    return "matrix-" + person["name"].replace("+", "-")


def people_sql(plan):
    """Users with one password, a signed session each, and a group: text that SQLite and PostgreSQL both take."""
    from django.contrib.auth.models import User
    from django.contrib.auth.hashers import make_password

    stored = make_password(plan["password"], salt="matrixmatrixmatrixmatr")
    keys = ", ".join(f"'{person['key']}'" for person in plan["people"] if person["key"])
    lines = [
        "-- Written by scripts/django-matrix.py: the people of django-admin.json, signed in. Run before every model and after every write.",
        "DELETE FROM django_session WHERE session_key IN (" + keys + ");",
        f"INSERT INTO auth_group (id, name) VALUES ({GROUP}, 'matrix') ON CONFLICT (id) DO NOTHING;",
    ]
    for person in plan["people"]:
        flags = [str(person.get(flag, default)).upper() for flag, default in (("superuser", False), ("staff", True), ("active", True))]
        lines.append(
            "INSERT INTO auth_user (id, password, is_superuser, is_staff, is_active, username, first_name, last_name, email, date_joined)\n"
            f"    VALUES ({person['id']}, '{stored}', {', '.join(flags)}, '{username(person)}', '', '', '', '2024-01-01 00:00:00')\n"
            "    ON CONFLICT (id) DO UPDATE SET password = excluded.password, last_login = NULL;"
        )
        if person["key"]:
            told = {
                "_auth_user_id": str(person["id"]),
                "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
                "_auth_user_hash": User(password=stored).get_session_auth_hash(),
            }
            lines.append(f"INSERT INTO django_session (session_key, session_data, expire_date)\n    VALUES ('{person['key']}', '{session(told)}', '2099-01-01 00:00:00');")
    member = next(person["id"] for person in plan["people"] if person.get("group"))
    lines.append(f"INSERT INTO auth_user_groups (user_id, group_id) SELECT {member}, {GROUP}\n    WHERE NOT EXISTS (SELECT 1 FROM auth_user_groups WHERE user_id = {member});")
    return "\n".join(lines) + "\n"


def session(told):
    """The data of a session as Django signs it, at a time that never changes."""
    from django.core import signing

    class Then(signing.TimestampSigner):
        def timestamp(self):
            return signing.b62_encode(1700000000)

    return Then(salt="django.contrib.sessions.SessionStore").sign_object(told, compress=False)


def grants_sql(plan, model):
    """Who may do what with this model, instead of what they could do with the last one."""
    lines = [
        f"DELETE FROM auth_user_user_permissions WHERE user_id >= {FIRST_PERSON};",
        f"DELETE FROM auth_group_permissions WHERE group_id = {GROUP};",
    ]
    for person in plan["people"]:
        for grant in person.get("grants", []):
            table, holder = ("auth_group_permissions", GROUP) if person.get("group") else ("auth_user_user_permissions", person["id"])
            column = table.split("_")[1] + "_id"
            lines.append(
                f"INSERT INTO {table} ({column}, permission_id) SELECT {holder}, p.id FROM auth_permission p"
                f" JOIN django_content_type c ON c.id = p.content_type_id WHERE {meant(model, grant)};"
            )
    return "\n".join(lines)


def meant(model, grant):
    """The condition on permissions that a grant such as `own.view` or `family.*` stands for."""
    whose, word = grant.split(".")
    models = {
        "own": [model["name"].replace("/", ".")],
        "family": model.get("family", []),
        "elsewhere": ["shop.tag" if model["name"] == "shop/setting" else "shop.setting"],
    }.get(whose)
    if models is None:
        return "TRUE"
    words = WORDS if word == "*" else (word,)
    pairs = [(name.split(".")[0], f"{one}_{name.split('.')[1]}") for name in models for one in words]
    return " OR ".join(f"(c.app_label = '{app}' AND p.codename = '{codename}')" for app, codename in pairs) or "FALSE"


# ---- cases -----------------------------------------------------------------------------------------------------------


def read_plan():
    plan = json.loads((MATRIX / "django-admin.json").read_text())
    for place, person in enumerate(plan["people"]):
        person["id"] = FIRST_PERSON + place
        person["key"] = f"matrix{place:026d}" if person.get("session", True) else None
    return plan


def cases_of_site(plan):
    """Endpoints without a model, and methods that they do not have."""
    for endpoint in plan["endpoints"]:
        if "{model}" not in endpoint["send"]:
            yield from with_token_and_without(endpoint, {}, "-", "-", plan)
    for path, allowed in plan["routes"]:
        if "{model}" not in path:
            yield from other_methods(path, allowed, {}, plan)


def cases_of_model(plan, model):
    for endpoint in plan["endpoints"]:
        if "{model}" in endpoint["send"] and ("body" not in endpoint or endpoint["body"] in model):
            yield from cases_of_endpoint(endpoint, plan, model)
    if model is plan["models"][0]:
        for path, allowed in plan["routes"]:
            if "{model}" in path:
                yield from other_methods(path, allowed, filling(model, "800000", "nothing"), plan)


def cases_of_endpoint(endpoint, plan, model):
    body = model[endpoint["body"]] if "body" in endpoint else endpoint.get("json")
    whole = endpoint | ({} if body is None else {"json": body})
    about_rows = "{pk}" in endpoint["send"] + json.dumps(body)
    for action in model["actions"] if "{action}" in endpoint["send"] else [""]:
        named = whole | {"name": f"{endpoint['name']} {action}".strip()}
        for row, pk in model["rows"].items() if about_rows else [("-", "-")]:
            yield from with_token_and_without(named, filling(model, pk, action), model["name"], row, plan)


def with_token_and_without(endpoint, names, model, row, plan):
    method = endpoint["send"].split()[0]
    for person in some(plan, endpoint.get("people")):
        if "family" not in person["name"] or names.get("family"):
            yield case(endpoint["name"], model, row, person, endpoint, names)
    if method != "GET" and row in ("-", "visible"):
        for person in some(plan, "strangers"):
            yield case(endpoint["name"] + ", no token", model, row, person, endpoint, names) | {"token": False}


def other_methods(path, allowed, names, plan):
    for method in plan["methods"]:
        if method not in allowed:
            endpoint = {"send": f"{method} {path}"}
            for person in some(plan, "strangers"):
                yield case(endpoint["send"], "-", "-", person, endpoint, names)


def some(plan, who):
    return [person for person in plan["people"] if not who or person["name"] in plan[who]]


def filling(model, pk, action):
    return {"model": model["name"], "pk": pk, "action": action, "panel": model.get("panel", "stock"), "family": ",".join(model.get("family", []))}


def case(name, model, row, person, endpoint, names):
    method, path = endpoint["send"].split(" ")
    names = names | {"username": username(person)}
    body = fill(json.dumps(endpoint["json"]), names) if "json" in endpoint else None
    path = fill(path, {name: quote(value, safe="/") for name, value in names.items()})
    return {"id": (model, name, row, person["name"]), "person": person, "method": method, "path": path, "body": body, "token": True}


def fill(text, names):
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


# ---- answers ---------------------------------------------------------------------------------------------------------


def digest(status, headers, body):
    """What an answer says about permissions, in a few words."""
    words = [str(status)]
    if "allow" in headers:
        words.append("allow=" + headers["allow"].replace(", ", ","))
    if headers.get("content-type", "").startswith("text/html") and body:
        words.append("html")
    told = json.loads(body) if headers.get("content-type") == "application/json" and body else {}
    if "error" in told:
        words.append(told["error"]["code"])
    if "permissions" in told:
        words.append(letters(told["permissions"]))
    for group in told.get("apps", []):
        words += [f"{model['model_name']}:{letters(model['permissions'])}" for model in group["models"]]
    for inline in told.get("inlines", []):
        words.append(f"{inline['name']}:{letters({word: inline['can_' + word] for word in WORDS})}/{len(inline['rows'])}")
    actions = told.get("actions") if "columns" in told else told.get("object_actions")
    if actions is not None:
        words.append("actions=" + ",".join(action["name"] for action in actions))
    if told.get("password_change", {}).get("supported"):
        words.append("password")
    if "total" in told:
        words.append(f"total={told['total']}")
    if "pagination" in told:
        words.append(f"found={len(told['results'])}")
    if "summary" in told:
        words.append(f"accepted={told['summary']['accepted']}")
        words += [result["error"]["code"] for result in told["results"] if "error" in result]
    if "executed" in told:
        words.append("executed" if told["executed"] else "refused")
    if "can_delete" in told:
        words.append("deletable" if told["can_delete"] else "kept")
        words += ["protected"] * bool(told["protected"]) + [f"needs:{name.replace(' ', '-')}" for name in told["perms_needed"]]
    return " ".join(words)


def letters(permissions):
    return "".join(word[0] if permissions[word] else "-" for word in WORDS)


class Reference:
    """The real Django on a database of its own."""

    def __init__(self, database, plan):
        self.database, self.plan = database, plan
        self.people = people_sql(plan)
        self.reset = self.people + (MATRIX / "rows.sql").read_text()

    def run(self, sql):
        connection = sqlite3.connect(self.database)
        connection.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN;" + sql + "COMMIT;")
        connection.close()

    def answers(self):
        answers = {}
        for model, cases in self.groups():
            print(f"{model['name']}: {len(cases)} cases", file=sys.stderr, flush=True)
            self.run(self.reset + grants_sql(self.plan, model))
            for one in cases:
                answers[one["id"]] = self.ask(one)
        return answers

    def groups(self):
        yield self.plan["models"][0], list(cases_of_site(self.plan))
        for model in self.plan["models"]:
            yield model, list(cases_of_model(self.plan, model))

    def ask(self, one):
        from django.test import Client

        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        key = one["person"]["key"] or one["person"].get("cookie")
        client.cookies["csrftoken"] = TOKEN
        if key:
            client.cookies["sessionid"] = key
        headers = {"HTTP_X_CSRFTOKEN": TOKEN} if one["token"] else {}
        kind = "application/json" if one["body"] is not None else "application/octet-stream"
        reply = client.generic(one["method"], self.plan["mount"] + one["path"], one["body"] or "", kind, **headers)
        if one["method"] not in ("GET", "HEAD", "OPTIONS") and reply.status_code < 300:
            self.run(self.reset)
        return digest(reply.status_code, {name.lower(): value for name, value in reply.headers.items()}, reply.content)


# ---- where ours differs ----------------------------------------------------------------------------------------------


def ours(answers):
    """(answer of ours, reason) by case, for every case in which a decision departs from the original."""
    told = {key: departure(key, answers) for key in answers}
    return {key: one for key, one in told.items() if one and one[0] != answers[key]}


def departure(key, answers):
    """What ours answers and why, or None where it answers what Django does."""
    model, endpoint, row, person = key
    said = answers[key]

    def of(other, at=row):
        return answers[model, other, at, person]

    if endpoint == "bulk-update":
        return of("bulk"), "another name of PATCH bulk/"
    if endpoint == "delete-preview of several":
        return preview_of_several(of, model, row), "the preview of a selection"
    if endpoint.startswith("action") and said.startswith("500") and row == "unparsable":
        return of(endpoint, "missing"), "a key that cannot be read is unknown"
    if endpoint == "action clone" and said == "200 executed" and row in ("visible", "protected"):
        return ("200 executed" if "a" in of("list", "-").split()[1] else "403 forbidden"), "a row made by an action needs permission too"
    if endpoint == "delete" and said.startswith("500"):
        return "409 conflict", "protected rows are a conflict"
    if endpoint == "delete" and said == "204" and "needs:" in of("delete-preview"):
        return "403 forbidden", "rows of the cascade need permission too"
    if endpoint.endswith("delete_selected, confirmed"):
        if said == "403 html":
            return "403 forbidden", "every refusal is JSON"
        if said == "200 executed" and "protected" in of("delete-preview"):
            return "200 refused", "nothing was deleted"
    if endpoint == "change" and said.startswith("200"):
        return "404 not_found", "there is no HTML admin"
    if model == "auth/user" and endpoint == "create" and said == "400 bad_request":
        return "201", "passwords are accepted with a new user"
    if model == "auth/user" and endpoint == "update" and said == "400 validation_failed":
        return of("detail"), "a date-time is one value"
    return None


def preview_of_several(of, model, row):
    """The gates of an action on the model, then the preview: rows that are not there do not count, others tell why."""
    listed = of("list", "-")
    if not listed.startswith("200"):
        return listed
    if not listed.split()[1].endswith("d"):
        return "403 forbidden"
    alone = of("delete-preview", row)
    kept = f"200 kept needs:{model.split('/')[1]}"
    return {"404 not_found": "200 deletable", "403 forbidden": kept}.get(alone, alone)


# ---- the golden file -------------------------------------------------------------------------------------------------


def golden(answers):
    differs = ours(answers)
    lines = {}
    for key, said in answers.items():
        answer, remark = (differs[key][0], f"{said}, {differs[key][1]}") if key in differs else (said, "")
        lines.setdefault((*key[:3], answer, remark), []).append(key[3])
    return "".join(
        f"{model} | {endpoint} | {row} | {answer} | {' '.join(people)}" + (f" | instead of {remark}" if remark else "") + "\n"
        for (model, endpoint, row, answer, remark), people in lines.items()
    )


def compare(path, text):
    stored = path.read_text() if path.exists() else ""
    difference = list(difflib.unified_diff(stored.splitlines(), text.splitlines(), "stored", "Django says", n=0, lineterm=""))
    for line in difference[:40]:
        print(line)
    return len(difference)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the golden file and the people")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="matrix-") as folder:
        database = str(Path(folder) / "shop.sqlite3")
        with sqlite3.connect(database) as connection:
            connection.executescript(SEED.read_text())
        connection.close()
        os.environ |= {"DJANGO_SITE_DATABASE": database, "DJANGO_SETTINGS_MODULE": "matrix_settings"}
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(SITE))
        import django
        import logging

        django.setup()
        logging.disable(logging.CRITICAL)
        plan = read_plan()
        reference = Reference(database, plan)
        answers = reference.answers()
    files = {"django-admin.txt": golden(answers), "people.sql": reference.people}
    if chosen.write:
        for name, text in files.items():
            (MATRIX / name).write_text(text)
    faults = 0 if chosen.write else sum(compare(MATRIX / name, text) for name, text in files.items())
    print(f"{len(answers)} cases asked, {faults} lines differ")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
