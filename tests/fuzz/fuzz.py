"""Sends what the OpenAPI document allows, and what it forbids, to every operation, in everybody's part: a visitor, a
member, a moderator, a data protection officer and an administrator. Whatever is answered must be what the document says;
nothing is answered 5xx, and no nonsense is accepted.

Usage: fuzz.py PROGRAM FOLDER short|long [ROLE…]; what was asked and answered is left in the folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from portal import MEMBERS, PASSWORD, Portal  # noqa: E402

# The administrator comes last: nobody else can end the others' accounts.
ROLES = {
    "visitor": "",
    "member": MEMBERS[0],
    "moderator": "moderation@betreiber.example",
    "data_protection_officer": "datenschutz@betreiber.example",
    "administrator": "verwaltung@betreiber.example",
}
# The short run makes up the same each time; the long one something else each time, and says its seed.
MODES = {
    "short": ["--phases=examples,fuzzing,stateful", "--max-examples=2", "--generation-deterministic"],
    "long": ["--phases=examples,coverage,fuzzing,stateful", "--max-examples=100", "--generation-database=none"],
}


def known(portal, email):
    """Ids of what exists, as this role sees it: by the part of a path that stands before them, or by a body's field."""
    ids = {"terms": portal.connect().read("/api/v1/terms")["version"]}
    if not email:
        return ids
    me = portal.connect(portal.sign_in(email))

    def items(path):
        return (me.read(f"/api/v1/{path}") or {"items": []})["items"]

    for path in ["conversations", "members", "enquiries", "invitations", "admin/accounts", "admin/organisations",
                 "admin/enquiries", "admin/reports"]:
        ids[path] = [item["id"] for item in items(path)]
    ids["groups"] = [talk["id"] for talk in items("conversations") if talk["is_group"]]
    ids["messages"] = [one["id"] for talk in ids["conversations"] for one in items(f"conversations/{talk}/messages")]
    ids["admin/registrations"] = [item["account_id"] for item in items("admin/registrations")]
    ids["admin/holds"] = [one["id"] for id in ids["admin/accounts"] for one in items(f"admin/accounts/{id}/holds")]
    ids["up_to"] = ids["messages"]
    ids["account_id"] = ids["admin/accounts"]
    for name in ["me/blocks", "member_ids", "conversations/{id}/members", "groups/{id}/members"]:
        ids[name] = ids["members"]
    return ids


def chosen(portal, role):
    """For the short run the operations that nobody before this role may call, so that each is called by somebody who may;
    and the desk's by the administrator as well. That nobody else may is told by tests/it/roles.rs, and by the long run."""
    document = portal.connect().read("/api/openapi.json")
    earlier = set(list(ROLES)[:list(ROLES).index(role)])
    for operations in document["paths"].values():
        for operation in operations.values():
            roles = set(operation["x-roles"])
            is_desk = role == "administrator" and "member" not in roles
            if role in roles and (is_desk or not earlier & roles):
                yield f"--include-operation-id={operation['operationId']}"


def play(portal, role, mode, folder):
    """Runs the fuzzer in this part. Its exit code, what it printed, and a report of every case."""
    report = os.path.join(folder, f"{role}.ndjson")
    env = os.environ | {
        "FUZZ_URL": portal.origin,
        "FUZZ_EMAIL": ROLES[role],
        "FUZZ_PASSWORD": PASSWORD,
        "FUZZ_KNOWN": json.dumps(known(portal, ROLES[role])),
        "PYTHONPATH": HERE,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ended = subprocess.run([
        os.path.join(os.path.dirname(sys.executable), "schemathesis"),
        "--config-file", os.path.join(HERE, "schemathesis.toml"),
        "run", f"{portal.origin}/api/openapi.json", *MODES[mode],
        # Nobody's secrets: all of it is invented.
        "--workers=1", "--no-color", "--output-sanitize=false", "--report=ndjson", f"--report-ndjson-path={report}",
        *(chosen(portal, role) if mode == "short" else []),
    ], env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ended.returncode, ended.stdout, report


def read(report):
    """Of a run: how many operations it had, its cases, and how many operations were answered with success."""
    operations, cases, succeeded = 0, 0, set()
    with open(report, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if loaded := event.get("LoadingFinished"):
                operations = loaded["statistic"]["operations"]["selected"]
            recorder = event.get("ScenarioFinished", {}).get("recorder") or {}
            for id, exchange in (recorder.get("interactions") or {}).items():
                cases += 1
                status = (exchange.get("response") or {}).get("status_code", 0)
                case = recorder["cases"].get(id, {}).get("value")
                if case and 200 <= status < 300:
                    succeeded.add((case["method"], case["path"]))
    return operations, cases, len(succeeded)


def main():
    program, folder, mode, *roles = sys.argv[1:]
    rows, held = [], True
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with Portal(program) as portal:
        for role in roles or ROLES:
            began = time.monotonic()
            code, said, report = play(portal, role, mode, folder)
            if code != 0 or mode == "long":
                print(f"fuzz: {role}\n{said}", flush=True)
            if code not in (0, 1):
                sys.exit(f"fuzz: the fuzzer failed as {role}")
            operations, cases, succeeded = read(report)
            failures = re.search(r"found (\d+) unique failures?", said)
            rows.append((role, operations, succeeded, cases, failures[1] if failures else code, time.monotonic() - began))
            held &= code == 0
        # Whatever goes wrong inside is an error in the log.
        errors = [line for line in portal.said().splitlines() if " ERROR " in line]
    print(f"{'fuzz':<26}{'operations':>11}{'answered 2xx':>14}{'cases':>9}{'failures':>10}{'seconds':>9}")
    for role, operations, succeeded, cases, failures, took in rows:
        print(f"{role:<26}{operations:>11}{succeeded:>14}{cases:>9}{failures:>10}{took:>9.0f}")
    for error in errors:
        print(f"fuzz: the portal logged: {error}", file=sys.stderr)
    sys.exit(0 if held and not errors else 1)


if __name__ == "__main__":
    main()
