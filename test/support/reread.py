"""Reads one exported file with Python's own csv and json modules and prints what it holds, as one JSON line.

usage: reread.py json|ndjson|csv FILE   (a conversations export; csv: one row per message; or contacts)
"""
import csv, hashlib, json, sys

csv.field_size_limit(1 << 30)
kind, path = sys.argv[1:3]


def messages(conversation):
    return conversation.get("messages", []) + conversation.get("replies", [])


pairs, conversations, contacts = [], set(), []
with open(path, encoding="utf-8-sig", newline="") as file:
    if kind == "csv":
        for row in csv.DictReader(file):
            if "message_id" in row:
                conversations.add(row["conversation_id"])
                pairs.append((row["message_id"], row["body"]))
            else:
                contacts.append((row["id"], row["name"], row["email"]))
    else:
        records = json.load(file) if kind == "json" else [json.loads(line) for line in file]
        for record in records:
            if record.get("_end"):
                continue
            if "messages" in record:
                conversations.add(record["id"])
                pairs += [(m["id"], m["body"] or "") for m in messages(record)]
            else:
                contacts.append((record["id"], record["name"], record["email"]))

digest = hashlib.sha256()
for item in sorted(pairs) + sorted(contacts):
    for part in item:
        digest.update((part or "").encode() + b"\0")
print(json.dumps({"conversations": len(conversations), "messages": len(pairs), "contacts": len(contacts), "sha256": digest.hexdigest()}))
