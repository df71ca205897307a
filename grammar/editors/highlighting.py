"""Text -> tokens with Pygments' kinds: what notebooks, documentation and terminals colour a model by.

>>> list(MgLexer().get_tokens("return tanh(n)"))[:3]
[(Token.Keyword, 'return'), (Token.Text.Whitespace, ' '), (Token.Name.Function, 'tanh')]
"""

from __future__ import annotations

from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

DEFINING = ("def", "layer", "model", "op")
OPENING = ("accurate", "const", "domain", "import", "native", "param", "require")  # followed by a space
CONTROL = ("else", "for", "if", "in", "return")
LOGIC = ("and", "not", "or")
_NAME = r"[^\W\d]\w*"


class MgLexer(RegexLexer):  # type: ignore[misc]  # Pygments carries no types
    """The language of `.mg` files."""

    name = "mgc model"
    aliases = ("mg", "mgc")
    filenames = ("*.mg",)
    mimetypes = ("text/x-mgc",)
    version_added = ""

    tokens = {  # noqa: RUF012  # Pygments reads it off the class
        "root": [
            (r"\s+", Whitespace),
            (r"#.*", Comment.Single),
            (r'"""(?:[^\\]|\\.)*?"""', String.Doc),
            (r'"(?:[^"\\\n]|\\.)*"', String),
            (rf"({'|'.join(DEFINING)})(\s+)({_NAME})", bygroups(Keyword.Declaration, Whitespace, Name.Function)),
            (words(OPENING, suffix=r"\b(?=\s+[\"\w(\[-])"), Keyword.Declaration),
            (words(CONTROL, suffix=r"\b"), Keyword),
            (words(LOGIC, suffix=r"\b"), Operator.Word),
            (r"(:)(\s*)(int|float)\b", bygroups(Punctuation, Whitespace, Keyword.Type)),
            (words(("params",), suffix=r"\b"), Name.Builtin),
            (rf"{_NAME}(?=(?:\[[^\]\n]*\])?\()", Name.Function),
            (_NAME, Name),
            (r"(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?", Number),
            (r"\*\*|//|<=|>=|==|!=|[-+*/%@<>=]", Operator),
            (r"[()\[\],:.]", Punctuation),
            (r"\\\n", Punctuation),
        ],
    }
