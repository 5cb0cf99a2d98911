"""A report in the wanted format."""

import argparse
import json
import shutil
from typing import TextIO

from cogwizard.commands.output import colour_wanted, put
from cogwizard.report import markdown, text
from cogwizard.report.document import Document
from cogwizard.text import Texts


def write(report: Document, options: argparse.Namespace, texts: Texts, stream: TextIO) -> None:
    """Write a report to standard output, or to standard error where that is the stream. Raises UsageError."""
    if options.format == "json":
        shown = json.dumps(report, ensure_ascii=False, indent=2)
    elif options.format == "markdown":
        shown = markdown.render(report, texts)
    else:
        colour = colour_wanted(options.no_color, stream)
        columns = shutil.get_terminal_size().columns if stream.isatty() else None
        shown = text.render(report, texts, colour=colour, verbose=bool(options.verbose), columns=columns)
    put(shown, stream)
