"""Reads an XLSX with Python's own zipfile and ElementTree, none of our code, and prints it as one JSON line.

usage: read-xlsx.py FILE   → {"sheets": [{"name", "frozen", "widths", "rows": [[cell, …], …]}]}
A cell is {"t": "text" | "number" | "boolean", "v": value, "s": number format}, or null where there is none.
"""
import json, re, sys, zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def unescape(text):
    """ECMA-376, ST_Xstring."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def column_of(reference):
    index = 0
    for letter in re.match(r"[A-Z]+", reference)[0]:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_cell(cell, formats):
    style = formats[int(cell.get("s", 0))]
    kind = cell.get("t", "n")
    assert cell.find(MAIN + "f") is None, "a formula"
    if kind == "inlineStr":
        texts = list(cell.find(MAIN + "is"))
        assert [text.tag for text in texts] == [MAIN + "t"], "a text in pieces"
        return {"t": "text", "v": unescape(texts[0].text or ""), "s": style}
    value = cell.find(MAIN + "v").text
    assert kind in ("n", "b"), kind
    return {"t": "number", "v": int(value), "s": style} if kind == "n" else {"t": "boolean", "v": value == "1", "s": style}


def read_sheet(file, name, formats):
    sheet = {"name": name, "frozen": None, "widths": 0, "rows": []}
    for _event, element in ElementTree.iterparse(file):
        if element.tag == MAIN + "pane" and element.get("state") == "frozen":
            sheet["frozen"] = element.get("topLeftCell")
        if element.tag == MAIN + "col":
            sheet["widths"] += 1
        if element.tag != MAIN + "row":
            continue
        assert int(element.get("r")) == len(sheet["rows"]) + 1, "rows out of order"
        row = []
        for cell in element:
            at = column_of(cell.get("r"))
            assert cell.get("r").endswith(element.get("r")) and at >= len(row), "cells out of order"
            row += [None] * (at - len(row)) + [read_cell(cell, formats)]
        sheet["rows"].append(row)
        element.clear()
    return sheet


with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    names = archive.namelist()
    types = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    listed = {part.get("PartName").lstrip("/") for part in types.iter(TYPES + "Override")}
    assert listed <= set(names), "a type for what is not there"
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = [int(xf.get("numFmtId")) for xf in styles.find(MAIN + "cellXfs")]
    relations = {
        one.get("Id"): one.get("Target")
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")).iter(PACKAGE + "Relationship")
    }
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = []
    for sheet in workbook.iter(MAIN + "sheet"):
        target = "xl/" + relations[sheet.get(OFFICE + "id")]
        assert target in listed, "a sheet without a type"
        with archive.open(target) as file:
            sheets.append(read_sheet(file, sheet.get("name"), formats))
    dates = {entry.date_time for entry in archive.infolist()}
print(json.dumps({"sheets": sheets, "files": names, "dates": sorted(dates)}))
