"""The rule of names that users give: of scenarios, and of routes of their own."""

NAME_PATTERN = r"^[^\W_][\w-]{0,63}$"
NAME_RULE = "a name has letters, digits, - and _ only, begins with a letter or digit, and has at most 64 of them"
