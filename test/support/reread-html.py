"""Reads exported HTML with Python's own parser and prints what it holds, as one JSON line.

usage: reread-html.py FILE…   (transcripts, or an index)
Characters that are shown as their code point come back as they were.
"""
import json, sys
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "input", "link"}


class Document(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.unclosed = [], []
        self.messages, self.facts, self.events, self.links, self.times = [], [], 0, [], []
        self.scripts, self.policy, self.title, self.attributes = 0, "", "", set()
        self.rows = 0
        self.handlers = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        kind = named.get("class", "") or ""
        if tag not in VOID:
            self.open.append((tag, kind))
        self.handlers += [name for name in named if name.startswith("on")]
        if tag == "script":
            self.scripts += 1
        if tag == "meta" and named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        if tag == "article":
            self.messages.append({"id": named["data-message"], "kind": kind, "author": "", "body": "", "dir": None})
        if tag == "div" and kind == "body":
            self.messages[-1]["dir"] = named.get("dir")
        if tag == "li" and kind == "event":
            self.events += 1
        if tag == "a":
            self.links.append(named.get("href"))
        if tag == "time":
            self.times.append(named["datetime"])
        if tag == "dd":
            self.facts.append("")
        if tag == "tr":
            self.rows += 1

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.unclosed.append(tag)
            return
        self.open.pop()

    def handle_data(self, data):
        kinds = [kind for _, kind in self.open]
        tags = [tag for tag, _ in self.open]
        if kinds and kinds[-1] == "unseen":
            data = chr(int(data[2:], 16))
        if "body" in kinds:
            self.messages[-1]["body"] += data
        elif "article" in tags and "h3" in tags:
            self.messages[-1]["author"] += data
        if "dd" in tags:
            self.facts[-1] += data
        if "title" in tags:
            self.title += data


for path in sys.argv[1:]:
    document = Document()
    # As bytes: Python must not make line feeds of carriage returns where the parser of a browser would.
    with open(path, "rb") as file:
        document.feed(file.read().decode("utf-8"))
    document.close()
    document.unclosed += [tag for tag, _ in document.open]
    kept = ("messages", "facts", "events", "links", "times", "scripts", "policy", "title", "unclosed", "rows", "handlers")
    print(json.dumps({name: getattr(document, name) for name in kept}))
