"""What the fuzzer must know of the portal: who is signed in, what exists, and which refusals no schema could foresee.
Loaded by Schemathesis (schemathesis.toml); `fuzz.py` says by the environment whose part it plays."""

import json
import os
import re
import time
import uuid

import requests
import schemathesis

URL = os.environ["FUZZ_URL"]
EMAIL = os.environ["FUZZ_EMAIL"]  # empty: a visitor
PASSWORD = os.environ["FUZZ_PASSWORD"]
# What exists, as this role sees it: ids by the part of a path that stands before them, or by the name of a field.
KNOWN = json.loads(os.environ["FUZZ_KNOWN"])

# Why a request is refused that is well formed, for reasons that lie in the portal's data, in its settings, in time, or in
# rules about characters, domains and passwords for which JSON Schema has no words.
UNFORESEEABLE = {
    "control_character",
    "cursor_invalid",
    "domain_invalid",
    "duplicate",
    "email_invalid",
    "email_unchanged",
    "in_the_past",
    "must_be_disclosed",
    "named_twice",
    "no_administrator",
    "no_domain",
    "no_search_word",
    "oneself",
    "password_breached",
    "password_personal",
    "password_too_common",
    "password_wrong",
    "phone_invalid",
    "read_only",
    "removed_from_group",
    "terms_not_accepted",
    "too_far",
    "unknown_category",
    "unknown_member",
    "unknown_message",
}

# The own password is right here. It is nowhere where it would change the password or delete the account: whoever is
# played must be able to sign in again (tests/it/deletion.rs and tests/it/passwords.rs do both).
SIGNS_IN = {"POST /api/v1/session", "POST /api/v1/session/proof"}


# Seconds after which another session is begun: a proof of who one is is good for 5 minutes.
FRESH = 240


class Session:
    """The session of whoever is played; when it ended, the next request begins another."""

    cookie, ends = None, 0

    def get(self, case, context):
        if not Session.cookie or time.monotonic() > Session.ends:
            answer = requests.post(f"{URL}/api/v1/session", json={"email": EMAIL, "password": PASSWORD}, timeout=30)
            answer.raise_for_status()
            Session.cookie, Session.ends = f"session={answer.cookies['session']}", time.monotonic() + FRESH
        return Session.cookie

    def set(self, case, data, context):
        # Whoever signs in in a session ends it.
        if case.operation.label != "POST /api/v1/session":
            # As a header: beside a cookie, those that earlier answers set would be sent as well.
            case.headers = {**(case.headers or {}), "Cookie": data}


if EMAIL:
    schemathesis.auth(refresh_interval=None)(Session)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 401 and b"not_signed_in" in response.content or case.operation.label == "DELETE /api/v1/session":
        if response.request.headers.get("Cookie") == Session.cookie:
            Session.cookie = None


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts what exists into what was made up: else hardly a request would get beyond `not_found`."""
    if case.meta is None:
        return
    # What a step took over from the one before it stays.
    linked = case._override.path_parameters
    path = case.operation.path.removeprefix("/api/v1/")
    case.path_parameters = {
        name: value if name in linked else existing(value, KNOWN.get(path.split(f"/{{{name}}}")[0], []))
        for name, value in (case.path_parameters or {}).items()
    }
    # No cursor can be guessed: most lists begin at their beginning.
    if re.fullmatch("[A-Za-z0-9_-]{2,}", str((case.query or {}).get("cursor"))):
        case.query = {name: value for name, value in case.query.items() if name != "cursor"}
    # White space around a header's value is cut off on its way (RFC 9112, section 5.1).
    case.headers = {name: value.strip(" \t") if isinstance(value, str) else value for name, value in (case.headers or {}).items()}
    if isinstance(case.body, dict):
        case.body = {name: filled(name, value) for name, value in case.body.items()}
    if EMAIL and case.operation.label in SIGNS_IN and isinstance(case.body, dict) and is_text(case.body.get("password")):
        case.body = {**case.body, "password": PASSWORD}
        if "@" in str(case.body.get("email")):
            case.body["email"] = EMAIL


def filled(name, value):
    ids = KNOWN.get(name, [])
    if isinstance(value, list):
        # All of them or none: one that does not exist spoils them all.
        is_real = ids and value and all(map(is_text, value)) and is_even(value[0])
        return list(dict.fromkeys(ids[number % len(ids)] for number in range(len(value)))) if is_real else value
    if name == "accept_terms" and is_text(value):
        return KNOWN["terms"]
    return existing(value, ids)


def existing(value, ids):
    """For every other id that was made up one that exists, and for the same the same, so that failures come again."""
    return ids[uuid.UUID(value).int // 2 % len(ids)] if ids and is_even(value) else value


def is_even(value):
    try:
        return is_text(value) and uuid.UUID(value).int % 2 == 0
    except ValueError:
        return False


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps what is a failure."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code != 422:
        return True
    problem = json.loads(response.content)
    if problem["code"] == "idempotency_key_reused":
        return False
    return not all(is_unforeseeable(error, case) for error in problem["errors"])


def is_unforeseeable(error, case):
    if error["code"] in UNFORESEEABLE:
        return True
    # What a browser says of a passkey is the Web Authentication standard's, and an object like any other in the document.
    if error["field"].split(".")[0] == "credential":
        return True
    # It is not empty, but nothing of it shows.
    return error["code"] == "required" and bool((case.body or {}).get(error["field"]))
