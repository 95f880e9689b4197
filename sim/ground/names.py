"""The rule of names that users give: of scenarios, and of routes of their own."""

from sim.ground.text import Text

NAME_PATTERN = r"^[^\W_][\w-]{0,63}$"
NAME_RULE = Text(
    "a name has letters, digits, - and _ only, begins with a letter or digit, and has at most 64 of them",
    "名稱只可用文字、數字、- 及 _，以文字或數字開首，最多 64 個字元",
    "名称只可用文字、数字、- 及 _，以文字或数字开头，最多 64 个字符",
)
