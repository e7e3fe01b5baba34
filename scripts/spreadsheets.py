"""Exported files as spreadsheets read them: every cell of an XLSX and a CSV file is compared with the database.

    python scripts/spreadsheets.py --factotum target/debug/factotum

Needs openpyxl. Where LibreOffice is installed (soffice), it opens the same files without a screen, and what it sees
is compared as well.
"""
import argparse
import csv
import datetime
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import openpyxl

ROWS = [
    (1, "plain", 5, "457.90", 1, "2024-02-29", "14:42:00", "2024-01-01 09:30:00", None),
    (2, '=1+1 "quoted", and\na line', -7, "-0.05", 0, "1999-12-31", "00:00:01", "2023-12-31 23:59:59", 1.5),
    (3, "  é & <tag> 😀 ]]>", 0, "0.00", 1, "1850-06-01", None, None, 1e-7),
    (4, "tab\tand 'quote'", 2**40, "99999999.99", 0, None, "23:59:59", "2024-06-30 12:00:00", -1e16),
]
TABLE = """CREATE TABLE thing (id integer PRIMARY KEY, name varchar(80) NOT NULL, count bigint NOT NULL,
    price decimal(10, 2) NOT NULL, open bool NOT NULL, day date, clock time, moment datetime, size real)"""
NAMES = ["id", "name", "count", "price", "open", "day", "clock", "moment", "size"]


def expected(row):
    """A row as a spreadsheet has it: in its own types. Days before 1900 are text."""
    key, name, count, price, is_open, day, clock, moment, size = row
    day = day and (day if day < "1900-03-01" else datetime.datetime.fromisoformat(day))
    return [
        key, name, count, float(price), bool(is_open), day,
        clock and datetime.time.fromisoformat(clock), moment and datetime.datetime.fromisoformat(moment), size,
    ]


def compare(what, found, wanted):
    if found != wanted:
        for line, (one, other) in enumerate(zip(found, wanted), 1):
            if one != other:
                print(f"{what}, line {line}:\n  found  {one}\n  wanted {other}", file=sys.stderr)
        sys.exit(f"{what}: not the same cells ({len(found)} and {len(wanted)} lines)")
    print(f"{what}: {len(found)} lines, {sum(map(len, found))} cells, the same")


def openpyxl_cells(path):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    formats = [cell.number_format for cell in sheet[2]]
    if formats[5:8] != ["yyyy-mm-dd", "h:mm:ss", "yyyy-mm-dd h:mm:ss"]:
        sys.exit(f"number formats: {formats}")
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def libreoffice_cells(office, path, folder):
    """The cells of a file that LibreOffice has opened and saved again."""
    saved = pathlib.Path(folder, "saved")
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", saved, path], check=True, capture_output=True, timeout=180)
    rows = openpyxl.load_workbook(saved / path.name).worksheets[0].iter_rows(values_only=True)
    # It saves truth as a formula.
    truth = {"=TRUE()": True, "=FALSE()": False}
    return [[truth.get(cell, cell) for cell in row] for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--factotum", required=True)
    program = parser.parse_args().factotum
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder, "things.sqlite3")
        with sqlite3.connect(base) as connection:
            connection.execute(TABLE)
            connection.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
        connection.close()
        export = lambda name, *more: subprocess.run(
            [program, "export", "thing", "--database", f"sqlite:{base}", "--output", name, *more],
            check=True, cwd=folder, capture_output=True, env={},
        )
        export("things.xlsx")
        compare("openpyxl", openpyxl_cells(pathlib.Path(folder, "things.xlsx")), [NAMES, *map(expected, ROWS)])
        export("things.csv", "--raw")
        with open(pathlib.Path(folder, "things.csv"), newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
        compare("Python's csv", [line[:4] for line in lines[1:]], [[str(key), name, str(count), price] for key, name, count, price, *_ in ROWS])
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office:
            cells = libreoffice_cells(office, pathlib.Path(folder, "things.xlsx"), folder)
            compare("LibreOffice", cells, [NAMES, *map(expected, ROWS)])
        else:
            print("LibreOffice is not installed: not asked")


if __name__ == "__main__":
    main()
