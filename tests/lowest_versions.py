"""The lowest direct versions that pyproject.toml allows, as a constraints file for pip: `python -m tests.lowest_versions`."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
_BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)>=(?P<version>[0-9][0-9.]*)")


def lowest(requirements: Sequence[str]) -> Iterator[str]:
    """A line NAME==VERSION for each requirement. Raises ValueError for one that is not of the form NAME>=VERSION."""
    for requirement in requirements:
        bound = _BOUND.fullmatch(requirement.strip())
        if bound is None:
            raise ValueError(f"{requirement}: a lower bound is needed, as in NAME>=1.2, and nothing else")
        yield f"{bound['name']}=={bound['version']}"


def main() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    print(*lowest(project["dependencies"]), sep="\n")


if __name__ == "__main__":
    main()
