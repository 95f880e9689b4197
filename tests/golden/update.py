"""Writes the stored results anew: `python -m tests.golden.update`, from the project's root.

Do it only for a change that is meant to move results. It prints the line that CHANGELOG.md then needs.
"""

import json

from tests.golden.golden import CHANGELOG, COMPARISON, MEASURES, SETTINGS, back_test_named, comparison, digest, measures


def main() -> None:
    """Writes measures.json, one number a line, and comparison.json, one measure a line."""
    kept = {setting: measures(setting) for setting in SETTINGS}
    MEASURES.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
    print(f"{MEASURES.name}: {sum(map(len, kept.values()))} numbers of {len(kept)} settings")
    tables = comparison()
    parts = [
        f"{json.dumps(name)}: {{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items()) + "\n}"
        for name, rows in tables.items()
    ]
    COMPARISON.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"{COMPARISON.name}: {sum(map(len, tables.values()))} rows")
    if back_test_named(CHANGELOG.read_text(encoding="utf-8")) != digest():
        print("CHANGELOG.md needs an entry in its section Results that names them:")
        print(f"- RESULTS: (what moved, and why) (back-test {digest()}).")


if __name__ == "__main__":
    main()
