"""Standard output and error: letters that their code page lacks, and a place that takes no more."""

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from sim.cli.language import echo
from sim.ground.text import NOTHING, Text

CANNOT_BE_PRINTED = Text("The output can't be printed: {why}", "無法輸出：{why}", "无法输出：{why}")
KEPT_IN = Text("; the results are kept in {place}", "；結果存於 {place}", "；结果存于 {place}")
READABLE = "sim-readable"  # the error handler of this module
_ASCII = "sim-ascii"  # ASCII by a name in which click does not see a mistake that it mends by writing UTF-8
_OURS_TO_SET = {"strict", "surrogateescape", "backslashreplace"}  # any other was asked for by PYTHONIOENCODING
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_KEPT = "sim.cli.output.kept"
_IN_ASCII = {
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{RIGHTWARDS ARROW}": ">", "\N{LEFTWARDS ARROW}": "<",
    "\N{UPWARDS ARROW}": "+", "\N{DOWNWARDS ARROW}": "-",
    "\N{INFINITY}": "inf", "\N{HORIZONTAL ELLIPSIS}": "...", "\N{MIDDLE DOT}": "|", "\N{BULLET}": "*", "\N{DEGREE SIGN}": " deg",
    "\N{MULTIPLICATION SIGN}": "x", "\N{PLUS-MINUS SIGN}": "+-", "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=", "\N{SUPERSCRIPT TWO}": "2", "\N{SQUARE ROOT}": "sqrt", "\N{NO-BREAK SPACE}": " ",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"', "\N{RIGHT DOUBLE QUOTATION MARK}": '"', "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{COPYRIGHT SIGN}": "(c)",
}  # fmt: skip


def make_streams_readable() -> None:
    """Let standard output and error write what their code page lacks as signs of the same meaning, or as escapes."""
    codecs.register_error(READABLE, _replacement)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors in _OURS_TO_SET:
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding=_ASCII if is_ascii else stream.encoding, errors=READABLE)


def _replacement(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_IN_ASCII.get(letter) or letter.encode("ascii", "backslashreplace").decode() for letter in letters), error.end


def _ascii_by_another_name(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != _ASCII:
        return None
    ascii_codec = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii_codec.encode, ascii_codec.decode, ascii_codec.streamreader, ascii_codec.streamwriter,
        ascii_codec.incrementalencoder, ascii_codec.incrementaldecoder, name=_ASCII,
    )  # fmt: skip


codecs.register(_ascii_by_another_name)


def note_kept(place: object) -> None:
    """Note where the results stand, for a user who can't be shown them."""
    click.get_current_context().meta[_KEPT] = str(place)


@contextmanager
def print_errors(exit_code: int, context: click.Context | None = None) -> Iterator[None]:
    """Tells in a line that standard output takes no more, with where the results are kept, and exits with that code.

    A reader who has gone away is click's to deal with: it exits without a word.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in _FULL or error.filename is not None:
            raise
        _forget(sys.stdout)
        place = context.meta.get(_KEPT) if context else None
        kept = KEPT_IN.fill(place=place) if place else NOTHING
        echo(CANNOT_BE_PRINTED.fill(why=str(error.strerror)) + kept, err=True)
        sys.exit(exit_code)


def _forget(stream: TextIO) -> None:
    """What the stream still holds can't be written, and is not to be tried again at the end of the process."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass
