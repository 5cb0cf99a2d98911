"""`cogwizard diagnose --save FILE` and `--from FILE`: a case given on, and one judged again without any network."""

import argparse

from cogwizard.commands.output import UsageError, read_file, say
from cogwizard.files import NotWritten, is_taken, write
from cogwizard.judgement import Judgement, judge
from cogwizard.model.inert import inert
from cogwizard.saved.file import LARGEST, from_text
from cogwizard.saved.keep import keep
from cogwizard.steps import TROUBLESHOOT
from cogwizard.steps.times import moment
from cogwizard.text import Texts

# What describes another call, or makes one.
_OTHERS = (
    "url",
    "method",
    "header",
    "token",
    "curl",
    "har",
    "response",
    "origin",
    "source_ip",
    "rest_api_id",
    "stage",
    "call",
    "no_call",
    "offline",
    "logs",
    "save",
)


def check(options: argparse.Namespace) -> None:
    """Raises UsageError before anything is read or called for nothing: a file that is there, options that collide."""
    if options.from_ is not None and any(getattr(options, name, None) for name in _OTHERS):
        raise UsageError("from-alone")
    if options.save == "-":
        raise UsageError("save-stdout")
    if options.save is not None and not options.force and is_taken(options.save):
        raise UsageError("case-exists", path=inert(options.save, 300))


def opened(options: argparse.Namespace, texts: Texts) -> Judgement:
    """Return what is found from the file of `--from`, and say that it is a saved case. Raises UsageError, BadInput."""
    saved = from_text(read_file(options.from_, LARGEST))
    say(texts.message("case-opened", {"when": moment(saved.case.now), "version": saved.written_by}))
    return judge(saved.case, TROUBLESHOOT)


def save(judgement: Judgement, options: argparse.Namespace, texts: Texts) -> bool:
    """Write the case to the file of `--save`, and say what it holds; return whether it could be written."""
    kept = keep(judgement, TROUBLESHOOT)
    try:
        path = write(options.save, kept.text, over=options.force)
    except NotWritten as error:
        say(f"cogwizard: {texts.screen('save', error.key, path=inert(error.path, 300))}")
        return False
    say(texts.message("case-saved", {"path": inert(str(path), 300)}))
    if kept.differences:
        say(texts.message("case-differs", {"codes": ", ".join(kept.differences)}))
    return True
