"""`sqlite_writer.py FILE ROWS`: write so many audit entries, each in a transaction of its own, as the site does."""

import sqlite3
import sys

OPENED_AS_THE_SITE_DOES = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"


def main() -> None:
    file = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
    file.executescript(OPENED_AS_THE_SITE_DOES)
    locked = 0
    for number in range(int(sys.argv[2])):
        try:
            file.execute("BEGIN IMMEDIATE")
            file.execute("SELECT count(*) FROM dialogue_person").fetchone()
            file.execute(
                "INSERT INTO dialogue_auditentry (at, action, subject_key, detail) "
                "VALUES ('2026-11-24', 'drill', ?, '{}')",
                [f"drill:{number}"],
            )
            file.execute("COMMIT")
        except sqlite3.OperationalError:
            locked += 1
    sys.stdout.write(f"{locked}\n")


if __name__ == "__main__":
    main()
