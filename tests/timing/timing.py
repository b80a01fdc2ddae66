"""Whether the time an answer takes tells which addresses have an account: registration, a sign-in with a wrong password
and a password reset, for known and unknown addresses in turns. Medians must lie less than a millisecond apart, and the
answers must be of equal length.

Usage: timing.py PROGRAM [TRIES]; exits 1 if they are not. With fewer tries than 2,000 the medians say little."""

import gc
import itertools
import os
import random
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from portal import MEMBERS, Portal  # noqa: E402

LIMIT_MS = 1.0
# What differs from answer to answer whoever asks.
VARYING = {"x-request-id", "date"}
# Hashing takes some 50 ms and varies by more than what is looked for: with little of it, 2,000 tries take a minute, and
# what is left is what could tell accounts apart. Both sides hash with the same parameters, whatever they are
# (src/passwords/gate.rs).
SETTINGS = {
    "STAMMTISCH_PASSWORDS__MEMORY_KIB": "1024",
    "STAMMTISCH_PASSWORDS__ITERATIONS": "1",
}


class Case:
    """What is asked at a path about an address, and whether asking makes the address known."""

    def __init__(self, path, body, makes_known=False):
        self.path, self.body, self.makes_known = path, body, makes_known


def cases(terms):
    return {
        "registration": Case("/api/v1/registrations", lambda email: {
            "email": email, "first_name": "Anna", "last_name": "Beispiel", "organisation": "Musterhausen",
            "accept_terms": terms,
        }, makes_known=True),
        "sign-in, wrong password": Case("/api/v1/session", lambda email: {"email": email, "password": "nicht das richtige"}),
        "password reset": Case("/api/v1/password-resets", lambda email: {"email": email}),
    }


def shape(answer):
    """What of an answer must be the same: its status, its length, and its headers, fleeting ones by their length."""
    headers = tuple((name.lower(), len(value) if name.lower() in VARYING else value) for name, value in answer.headers)
    return answer.status, len(answer.body), headers


UNUSED = itertools.count(1)


def unknown_like(known):
    """An unknown address of the same length, never used before."""
    local, domain = known.split("@")
    return f"{next(UNUSED):x}".rjust(len(local), "q") + "@" + domain


def measure(portal, case, tries):
    """Milliseconds of each try and the shapes that answers had, for known and unknown addresses."""
    connection = portal.connect()
    times, shapes = {True: [], False: []}, {True: set(), False: set()}
    # As few as are known, so that both are asked about as often.
    strangers = [unknown_like(member) for member in MEMBERS]
    for number in range(-20, tries):  # the first ones warm up
        pair = [True, False]
        # What one leaves to be done in the background falls on either as often.
        random.shuffle(pair)
        for is_known in pair:
            place = number % len(MEMBERS)
            stranger = unknown_like(MEMBERS[place]) if case.makes_known else strangers[place]
            sent = case.body(MEMBERS[place] if is_known else stranger)
            began = time.perf_counter()
            answer = connection.ask("POST", case.path, sent)
            took = time.perf_counter() - began
            if number >= 0:
                times[is_known].append(took * 1000)
            shapes[is_known].add(shape(answer))
    return times, shapes


def main():
    program = os.path.realpath(sys.argv[1])
    tries = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    held = True
    gc.disable()
    with Portal(program, SETTINGS) as portal:
        terms = portal.connect().read("/api/v1/terms")["version"]
        settings = ", ".join(f"{name.removeprefix('STAMMTISCH_').lower().replace('__', '.')} = {value}"
                             for name, value in SETTINGS.items())
        print(f"timing: {tries} tries each, in turns; {settings}; rate limits off", flush=True)
        print(f"{'milliseconds, medians':<26}{'known':>9}{'unknown':>9}{'apart':>9}{'of a half':>11}{'answers':>22}")
        for name, case in cases(terms).items():
            times, shapes = measure(portal, case, tries)
            known, unknown = (statistics.median(times[is_known]) for is_known in (True, False))
            apart = abs(known - unknown)
            # The same between two halves of the same addresses: what chance alone makes of it.
            noise = abs(statistics.median(times[True][::2]) - statistics.median(times[True][1::2]))
            alike = len(shapes[True]) == 1 and shapes[True] == shapes[False]
            status, length, _ = next(iter(shapes[True]))
            seen = f"{status}, {length} bytes" if alike else "DIFFERENT"
            print(f"{name:<26}{known:>9.3f}{unknown:>9.3f}{apart:>9.3f}{noise:>11.3f}{seen:>22}", flush=True)
            if not alike:
                for is_known in (True, False):
                    print(f"timing: {'known' if is_known else 'unknown'}: {sorted(shapes[is_known])}", file=sys.stderr)
            held &= alike and apart < LIMIT_MS
    print(f"timing: {'held' if held else 'NOT HELD'}: medians less than {LIMIT_MS:.0f} ms apart, answers alike")
    sys.exit(not held)


if __name__ == "__main__":
    main()
