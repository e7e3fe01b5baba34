"""Makes a site's SQLite file from its seed, or asks one a question.

    database.py make FILE SEED.sql
    database.py ask FILE SQL [ARGUMENT...]      prints the rows as JSON
"""
import json
import sqlite3
import sys
from pathlib import Path


def main(verb, file, text, *arguments):
    with sqlite3.connect(file, timeout=10) as database:
        if verb == "make":
            database.executescript(Path(text).read_text())
        else:
            print(json.dumps(database.execute(text, arguments).fetchall()))


main(*sys.argv[1:])
