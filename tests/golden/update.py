"""Writes the stored measures anew: `python -m tests.golden.update`, from the project's root.

Do it only for a change that is meant to move results, and say so in CHANGELOG.md with the tag RESULTS.
"""

import json

from tests.golden.golden import SETTINGS, STORED, measures


def main() -> None:
    """Writes measures.json, one number a line."""
    kept = {setting: measures(setting) for setting in SETTINGS}
    STORED.write_text(json.dumps(kept, indent=0) + "\n", encoding="utf-8")
    print(f"{STORED.name}: {sum(map(len, kept.values()))} numbers of {len(kept)} settings")


if __name__ == "__main__":
    main()
