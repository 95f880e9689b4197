"""The sections of the report, one builder a file: each turns an context into blocks, none where there is nothing to tell."""
