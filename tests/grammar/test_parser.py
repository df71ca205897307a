"""What parses, and to what: layout, numbers, names, docstrings, spans, sizes that are hostile."""

from __future__ import annotations

import pytest

from mgc.grammar import tree
from mgc.grammar.diagnostics import ModelError
from mgc.grammar.parser import MAX_BYTES, parse
from support.counted import limited
from support.trees import same

PLAIN = "def f(x):\n    y = x\n    return y\n"


def one(text: str) -> tree.Function:
    (definition,) = parse(text, "f.mg").declarations
    assert isinstance(definition, tree.Function)
    return definition


def returned(expression: str) -> tree.Expression:
    statement = one(f"def f(x): return {expression}").body[0]
    assert isinstance(statement, tree.Return)
    return statement.values[0]


LAYOUTS = {
    "crlf": PLAIN.replace("\n", "\r\n"),
    "lone cr": PLAIN.replace("\n", "\r"),
    "no final newline": PLAIN.rstrip(),
    "byte order mark": "\ufeff" + PLAIN,
    "tabs": PLAIN.replace("    ", "\t"),
    "two spaces": PLAIN.replace("    ", "  "),
    "blank lines": "\n\n" + PLAIN.replace("\n", "\n\n   \n"),
    "comments": "# a\n" + PLAIN.replace("\n", " # b\n  # c\n# d\n") + "# e",
    "trailing spaces": PLAIN.replace("\n", "  \t\n"),
    "newlines in brackets": "def f(\nx # the input\n\n):\n    y = (\nx\n  )\n    return y\n",
    "backslash": "def f(x):\n    y = \\\n x\n    return \\\ny\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layout_does_not_matter(text: str) -> None:
    assert same(parse(PLAIN, "f.mg"), parse(text, "f.mg"))
    assert same(parse(PLAIN, "f.mg"), parse(text.encode(), "f.mg"))


@pytest.mark.parametrize("text", ["", "\n", "   ", "# only a comment", "\ufeff", "\r\n\r\n", "\t\n  # a\n # b"])
def test_nothing_is_a_file_without_declarations(text: str) -> None:
    assert parse(text, "f.mg").declarations == ()


NUMBERS = {
    "0": 0,
    "00": 0,
    "1_000": 1000,
    "9007199254740992": 2**53,
    "9007199254740993": 2.0**53,
    "123456789012345678901234567890": 1.2345678901234568e29,
    "1.": 1.0,
    ".5": 0.5,
    "1e3": 1000.0,
    "1E-400": 0.0,
    "1_0.0_1e1_0": 10.01e10,
    "00.5": 0.5,
    "5e-324": 5e-324,
    "1.7976931348623157e308": 1.7976931348623157e308,
    "9" * 300: float("9" * 300),
    "0" * 100_000: 0,
}


@pytest.mark.parametrize(("text", "value"), NUMBERS.items(), ids=[text[:30] for text in NUMBERS])
def test_numbers(text: str, value: float) -> None:
    number = returned(text)
    assert isinstance(number, tree.Number)
    assert (number.value, type(number.value)) == (value, type(value))


NOT_NUMBERS = ("1__0", "1_", "0x10", "0o7", "0b1", "1j", "1e", "1e+", "1.2.3", "1e5f", "2x", "1e999", "012")


@pytest.mark.parametrize("text", [*NOT_NUMBERS, "9" * 400, "\u0661", "1\u00a0000", "\uff11"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        returned(text)
    assert caught.value.diagnostics[0].span[:2] in ((1, 18), (1, 19))


def test_words_that_open_a_statement_are_names_elsewhere() -> None:
    text = (
        "def f(op, model, param = 1):\n"
        "    layer = op(model)\n"
        "    domain, const = g(param)\n"
        "    native = domain\n"
        "    return op if layer else model, [param for accurate], native\n"
    )
    assert [argument.name for argument in one(text).arguments] == ["op", "model", "param"]


def test_names_of_python_are_names() -> None:
    names = [argument.name for argument in one("def f(lambda, class, None): return lambda").arguments]
    assert names == ["lambda", "class", "None"]


DOCSTRINGS = {
    '"plain"': "plain",
    "'it\\'s'": "it's",
    '""""quoted" """': '"quoted"',
    '"""One.\n\n      indented\n    two\n    """': "One.\n\n  indented\ntwo",
    "'''a \\nabla b'''": "a \\nabla b",
    '"""def g(x):\n"""': "def g(x):",
    '"\u03b1 and \U0001f600"': "\u03b1 and \U0001f600",
    '""': "",
}


@pytest.mark.parametrize(("written", "read"), DOCSTRINGS.items())
def test_docstrings(written: str, read: str) -> None:
    assert one(f"def f(x):\n    {written}\n    return x\n").docstring == read


def test_declarations() -> None:
    text = (
        'import "a b.mg"\nconst c = 3\nparam p = 0\nparam W[n, 2] = uniform(-1, 1)\n'
        "layer l[m, *widths](x[n], k[n]: int, a: float = 0.1): return x\n"
        "op pow(x, y):  dx = y\n               dy = x\n               domain x > 0\n"
    )
    imported, const, scalar, matrix, layer, op = parse(text, "f.mg").declarations
    assert isinstance(imported, tree.Import)
    assert imported.path == "a b.mg"
    assert isinstance(const, tree.Const)
    assert const.name == "c"
    assert isinstance(scalar, tree.Param)
    assert scalar.dimensions == ()
    assert isinstance(matrix, tree.Param)
    assert len(matrix.dimensions) == 2
    assert isinstance(layer, tree.Function)
    assert [(size.name, size.variadic) for size in layer.sizes] == [("m", False), ("widths", True)]
    assert [argument.dtype for argument in layer.arguments] == ["float", "int", "float"]
    assert isinstance(op, tree.Op)
    assert [derivative.argument for derivative in op.derivatives] == ["x", "y"]
    assert op.domain is not None
    assert op.body == ()


def test_words_of_an_operation() -> None:
    text = "op f(x):  native python, c as fabs\n          overflows\n          dx = 1\n"
    (op,) = parse(text, "f.mg").declarations
    assert isinstance(op, tree.Op)
    assert op.native is not None
    assert op.native.spellings == (("python", None), ("c", "fabs"))
    assert [op.says(word) for word in ("overflows", "steep")] == [True, False]


def test_spans_count_from_the_first_line_and_cover_parentheses() -> None:
    file = parse("def f(x):\n    return (a + b)*c\n", "f.mg", first_line=41)
    definition = file.declarations[0]
    assert isinstance(definition, tree.Function)
    assert isinstance(definition.body[0], tree.Return)
    product = definition.body[0].values[0]
    assert isinstance(product, tree.Binary)
    assert definition.span == tree.Span(41, 1, 41, 9)
    assert product.span == tree.Span(42, 12, 42, 21)
    assert product.left.span == tree.Span(42, 12, 42, 19)


def test_the_message_shows_the_line_also_where_lines_count_from_elsewhere() -> None:
    with pytest.raises(ModelError) as caught:
        parse("def f(x):\n    return x +\n", "f.mg", first_line=41)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.span.line, diagnostic.source) == (42, "    return x +")


def test_at_most_ten_messages() -> None:
    with pytest.raises(ModelError) as caught:
        parse("def f(x): return\n" * 50, "f.mg")
    assert len(caught.value.diagnostics) == 10


# --- hostile bytes and sizes

BYTES = {
    b"\xff\xfed\x00e\x00": (1, 1),
    b"def f(x):\n    return \xff\n": (2, 12),
    b"def f(x):\n    return x\x00\n": (2, 13),
    "def f(x): return x # \u202e\n".encode(): (1, 22),
    "def f(x):\n    'a\u2066'\n    return x\n".encode(): (2, 7),
    b"def f(x):\n\treturn x\x0c\n": (2, 10),
    b"def f(x):\n    return \x1b[31mx\n": (2, 12),
    "def f(x):\u2028    return x\n".encode(): (1, 10),
    b"x\xef\xbb\xbfy": (1, 2),
    b"\x89PNG\r\n\x1a\n\x00\x00": (1, 1),
    b"PK\x03\x04": (1, 3),
    b"a\rb\xff": (2, 2),
}


@pytest.mark.parametrize(("data", "position"), BYTES.items())
def test_bytes_that_are_no_text(data: bytes, position: tuple[int, int]) -> None:
    with pytest.raises(ModelError) as caught:
        parse(data, "f.mg")
    assert caught.value.diagnostics[0].span[:2] == position
    assert all(character.isprintable() or character == "\n" for character in str(caught.value))


def test_a_lone_surrogate_is_located() -> None:
    with pytest.raises(ModelError, match=r"1:19: error: the control character U\+D800"):
        parse("def f(x): return '\ud800'", "f.mg")


def test_comments_and_docstrings_may_hold_any_language() -> None:
    text = "# \u03b1\u03b2 \U0001f600 \u200d\ndef f(x): # \u00e9\n    '\u4e2d'\n    return x\n"
    assert one(text).docstring == "\u4e2d"


def test_a_file_may_not_be_too_long() -> None:
    with pytest.raises(ModelError, match="limit"):
        parse("#" * (MAX_BYTES + 1), "f.mg")


def test_tokens_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mgc.grammar.lexer.MAX_TOKENS", 20)
    with pytest.raises(ModelError, match="1:46: error: limit: more than 20 tokens"):
        parse("def f(x): return x + x + x + x + x + x + x + x + x + x + x", "f.mg")


N = 10_000
CALLS = 40  # that a character may take
DEEP = {
    "parentheses": "(" * N + "x" + ")" * N,
    "minus": "-" * N + "x",
    "not": "not " * N + "x",
    "calls": "f(" * N + "x" + ")" * N,
    "arrays": "[" * N + "x" + "]" * N,
    "powers": "x**" * N + "x",
    "conditionals": "1 if x else " * N + "x",
    "comparisons": "x < " * N + "x",
    "sum": "x + " * N + "x",
    "indices": "x" + "[0]" * N,
    "nested indices": "x[" * N + "0" + "]" * N,
    "sums of sums": "sum(" * N + "x" + " for i)" * N,
    "keywords": "f(" + ", ".join(f"k{i}=1" for i in range(N)) + ")",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_depth_and_width_cost_neither_stack_nor_time(text: str) -> None:
    with limited(CALLS * len(text)):
        returned(text)


HOSTILE = {
    "open parentheses": "def f(x): return " + "(" * 100_000,
    "closing parentheses": "def f(x): return " + ")" * 100_000,
    "minus signs": "def f(x): return " + "-" * 100_000,
    "quotes": '"' * 100_001,
    "backslashes in an open string": '"""' + "\\x" * 100_000,
    "open strings": "'\n" * 100_000,
    "spaces": " " * 1_000_000 + "x",
    "spaces on lines": (" " * 1000 + "\n") * 1000 + "x",
    "digits": "def f(x): return " + "9" * 1_000_000,
    "underscored digits": "def f(x): return " + "1_" * 500_000,
    "a long name": "a" * 1_000_000,
    "headers": "def f(\n" * 20_000,
    "indentation": "".join(" " * i + "for i in x:\n" for i in range(1000)),
    "backslash continuations": "\\\n" * 100_000 + "x",
    "hashes": "#" * 1_000_000 + "\nx",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_refused_fast(text: str) -> None:
    """With few calls; a regular expression that tries over and over again would not end at these lengths."""
    with limited(CALLS * len(text)), pytest.raises(ModelError) as caught:
        parse(text, "f.mg")
    assert len(str(caught.value)) < 10_000
