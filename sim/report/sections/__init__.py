"""The sections of the report, one builder a file: each turns an edition into blocks, none where there is nothing to tell."""
