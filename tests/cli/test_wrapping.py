"""Lines in which a Chinese character takes two cells."""

from sim.cli.wrapping import cells, definitions, padded, wrapped


def test_lines_are_as_wide_as_told_and_hold_every_word() -> None:
    text = "清關 takes 3 分鐘，其後（如有需要）再查驗一次，才可 release 放行。" * 4
    for width in range(12, 60):
        lines = wrapped(text, width).splitlines()
        assert max(map(cells, lines)) <= width
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line.startswith(("，", "。", "）")) or line.endswith("（") for line in lines)


def test_a_word_longer_than_a_line_stands_alone() -> None:
    assert wrapped("a policy.corridor.headway b", 10, "- ", "  ") == "- a\n  policy.corridor.headway\n  b"


def test_columns_are_aligned_by_cells() -> None:
    assert padded("單位", 6) == "單位  "
    assert definitions([("單位", "分鐘"), ("a", "b")], 40) == "  單位  分鐘\n  a     b"
