"""Reads parts of conversations exports with Python's own json, csv, zipfile and ElementTree, none of our code.

usage: read-parts.py FORMAT FILE…   FORMAT: ndjson | json | csv | xlsx | chat-jsonl | html | pdf
Prints one JSON line per file: {"conversations": ids in order (null where the format has none), "messages": how many}
"""
import csv, json, re, sys, zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
csv.field_size_limit(1 << 30)
kind, paths = sys.argv[1], sys.argv[2:]


def table(rows):
    """Rows of a table of conversations, or of messages."""
    header = next(rows)
    at = header.index("conversation_id")
    ids, seen = [], set()
    count = 0
    for row in rows:
        count += 1
        if row[at] not in seen:
            seen.add(row[at])
            ids.append(row[at])
    return {"conversations": ids, "messages": count if "message_id" in header else None}


def sheet_rows(path):
    with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
        for _event, row in ElementTree.iterparse(sheet):
            if row.tag != MAIN + "row":
                continue
            cells = {}
            for cell in row:
                cells[re.match("[A-Z]+", cell.get("r"))[0]] = "".join(cell.itertext())
            yield [cells.get(chr(65 + index), "") for index in range(26)]
            row.clear()


def nested(records):
    records = [record for record in records if not record.get("_end")]
    messages = sum(len(record["messages"]) + len(record.get("replies", [])) for record in records)
    return {"conversations": [record.get("id") for record in records], "messages": messages}


def documents(path):
    """An archive of documents: each is there under the name that its list says, and is what it is called."""
    ids, messages = [], 0
    with zipfile.ZipFile(path) as archive:
        for line in archive.read("documents.ndjson").splitlines():
            entry = json.loads(line)
            if entry.get("type") != "document":
                continue
            content = archive.read(entry["name"])
            assert content.startswith(b"%PDF-" if kind == "pdf" else b"<!doctype html>"), entry
            messages += content.count(b"<article ")
            if entry["volume"] == 1:
                ids.append(entry["conversation_id"])
    return {"conversations": ids, "messages": messages if kind == "html" else None}


for path in paths:
    if kind in ("html", "pdf"):
        found = documents(path)
    elif kind == "xlsx":
        found = table(sheet_rows(path))
    else:
        with open(path, encoding="utf-8", newline="") as file:
            if kind == "csv":
                found = table(csv.reader(file))
            elif kind == "json":
                found = nested(json.load(file))
            else:
                found = nested([json.loads(line) for line in file.read().split("\n") if line])
    print(json.dumps(found))
