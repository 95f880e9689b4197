"""What each scenario of a study is held against, in sentences."""

from typing import TYPE_CHECKING

from sim.ground.text import Language, Text
from sim.study.flight_pairs import by_base
from sim.study.held_against import steps_to
from sim.study.shown_names import BETWEEN_NAMES, names_in

if TYPE_CHECKING:
    from sim.study.study import Study

AGAINST = Text("Held against {base}: {names}.", "與 {base} 比較：{names}。", "与 {base} 比较：{names}。")
STEPS = Text(
    "One step on top of the other: {steps}. The differences of {name} are what its last step adds to {base}; what the steps come "
    "to together, against {baseline}, is told separately.",
    "措施逐步疊加：{steps}。{name} 的差異只是最後一步在 {base} 之上的增減；各步合計與 {baseline} 的差異另行列出。",
    "措施逐步叠加：{steps}。{name} 的差异只是最后一步在 {base} 之上的增减；各步合计与 {baseline} 的差异另行列出。",
)
ALL_FIRST = Text(
    "All are held against {baseline}, whatever their files name (--against-first).",
    "不論檔案所載，各情景一律與 {baseline} 比較（--against-first）。",
    "不论文件所载，各情景一律与 {baseline} 比较（--against-first）。",
)
NOT_THAT_NAMED = Text(
    "{name} is meant to be held against {named}. Its differences from {baseline} are those of every step between the two, not of "
    "its last step alone.",
    "{name} 原應與 {named} 比較；其與 {baseline} 的差異包含兩者之間的每一步，並非只是最後一步。",
    "{name} 原应与 {named} 比较；其与 {baseline} 的差异包含两者之间的每一步，并非只是最后一步。",
)
ARROW = " > "


def held_against_sentences(study: "Study", language: Language = "en") -> list[str]:
    """Who is held against whom; steps that stand one on top of the other; who is not held against the one that its file names."""
    against, baseline, shown_as = study.against, study.baseline, names_in(study, language)
    listed = BETWEEN_NAMES.in_language(language)
    sentences = []
    if study.manifest.against_first:
        sentences.append(ALL_FIRST.in_language(language).format(baseline=shown_as[baseline]))
    for base, names in by_base(against).items():
        members = listed.join(shown_as[name] for name in names)
        sentences.append(AGAINST.in_language(language).format(base=shown_as[base], names=members))
    for name, base in against.items():
        if base != baseline:
            steps = ARROW.join(shown_as[step] for step in steps_to(name, against))
            words = {"name": shown_as[name], "base": shown_as[base], "baseline": shown_as[baseline], "steps": steps}
            sentences.append(STEPS.in_language(language).format(**words))
    for scenario in study.scenarios[1:]:
        named = scenario.compare_with
        if named not in ("", scenario.name, against[scenario.name]):
            words = {"name": shown_as[scenario.name], "named": shown_as.get(named, named), "baseline": shown_as[baseline]}
            sentences.append(NOT_THAT_NAMED.in_language(language).format(**words))
    return sentences


def steps_between(study: "Study", name: str, language: Language = "en") -> str:
    """The scenarios between the study's baseline and that one, on which it stands; empty for none."""
    shown_as = names_in(study, language)
    return BETWEEN_NAMES.in_language(language).join(shown_as[step] for step in steps_to(name, study.against)[1:-1])
