"""Emitted Python as it lies on disk, perhaps edited -> the line of the first comment that is no emitted one.

>>> note("n = x1 * w1  # line 6\\n# line 7: return exp(n)\\ndn = out\\n")
>>> note("n = x1 * w1  # line 6\\ndn = out  # why?\\n")
2
"""

from __future__ import annotations

import io
import re
import tokenize

from mgc.compiler.language.library import names

EMITTED = re.compile(  # what function.py and told.py write behind a `#`, in a lesson too
    r"# (line \d+|forward$|backward|\w+ is read .* contributions add|the derivative of the result by itself"
    rf"|d.*/d\S+ = |({'|'.join(names('prelude.mg'))}): |  \S)"
)
SELF_CHECK = "# --- the self-check"  # from there on the comments are those of self_check_text.py


def note(text: str) -> int | None:
    """The line; the first that is no Python where the text is none any more: somebody is at work on it."""
    text = text.partition(SELF_CHECK)[0]
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and not EMITTED.match(token.string):
                return token.start[0]
    except (tokenize.TokenError, SyntaxError):
        return text.count("\n") + 1
    return None
