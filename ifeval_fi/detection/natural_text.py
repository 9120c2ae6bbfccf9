"""What is left of a response when code, markup, keys, links, numbers and placeholders are taken out.

The patterns read each character about once. Where something may be long, what it is made of cannot hold what ends it,
or its end may be missing; so no text, however it is built, is read again and again.
"""

from __future__ import annotations

import re

from ifeval_fi.detection.code_lines import is_code, without_code
from ifeval_fi.text import nfc

LONGEST = 40_000  # characters looked at; a longer text is judged by its beginning, middle and end


def natural_text(text: str) -> str:
    """The prose of a response, NFC, without code, markup, keys, links, numbers and placeholders."""
    text = nfc(sample(text))
    fenced = "```" in text or "~~~" in text
    parts = [_block(kind, lines) for kind, lines in _fenced(text.split("\n"))] if fenced else [_prose(text)]
    joined = "\n".join(part for part in parts if part.strip())
    return "\n".join(line for line in map(str.strip, joined.split("\n")) if line)


def sample(text: str) -> str:
    """The text itself, or its beginning, middle and end when it is too long to read whole."""
    if len(text) <= LONGEST:
        return text
    third = LONGEST // 3
    middle = (len(text) - third) // 2
    return "\n".join((text[:third], text[middle : middle + third], text[-third:]))


# Fences, by the name behind the opening one: ```python, > ~~~ {.sh}. Code goes, prose stays, and data loses its keys.

_FENCE = re.compile(r"[ \t>]{0,12}(`{3,}|~{3,})[ \t]*([\w+#.-]*)")
_DATA_FENCES = frozenset({"json", "jsonc", "json5", "jsonl", "ndjson"})
_YAML_FENCES = frozenset({"yaml", "yml"})
_MARKUP_FENCES = frozenset({"html", "xml", "svg", "xhtml", "htm", "vue"})
_PROSE_FENCES = frozenset(
    "text txt plaintext plain markdown md csv tsv email mail latex tex rst suomi finnish fi teksti".split()
)
_CODE_FENCES = frozenset(
    "python py python3 javascript js jsx ts tsx typescript java c cpp c++ cs csharp c# go golang rust rs rb ruby "
    "php swift kotlin kt scala r julia perl lua sql mysql sqlite psql bash sh shell zsh console powershell ps1 bat cmd "
    "css scss sass less dockerfile docker makefile make cmake haskell hs elixir erlang clojure lisp matlab "
    "graphql regex ini toml conf nginx diff mermaid dot vb asm assembly solidity dart groovy http".split()
)


def _fenced(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Runs of lines with the fence's language: "-" outside fences, "" for an unnamed fence."""
    blocks: list[tuple[str, list[str]]] = [("-", [])]
    mark = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not mark:
            mark = found[1]
            blocks.append((found[2].lower(), []))
        elif found and found[1].startswith(mark) and not found[2]:
            mark = ""
            blocks.append(("-", []))
        else:
            blocks[-1][1].append(line)
    return blocks


def _block(kind: str, lines: list[str]) -> str:
    text = "\n".join(lines)
    if kind == "-" or kind in _PROSE_FENCES:
        return _prose(text)
    if kind in _CODE_FENCES:
        return ""
    if kind in _DATA_FENCES:
        return _inline(_json_values(text))
    if kind in _YAML_FENCES:
        return _inline(_YAML_KEY.sub(r"\1", text))
    if kind in _MARKUP_FENCES:
        return _inline(_element_text(text))
    return "" if is_code(lines) else _prose(text)


def _prose(text: str) -> str:
    if _JSON_START.match(text) and ('"' in text or "'" in text):
        return _inline(_json_values(text))
    if "<" in text:
        text = _element_text(text)
    if '":' in text or '" :' in text:
        text = _without_keys(text)
    lines = text.split("\n")
    if _is_yaml(lines):
        return _inline(_YAML_KEY.sub(r"\1", text))
    prose = [line for line in without_code(lines) if line.strip()]
    return _inline("\n".join(prose or filter(_COMMENT_LINE.match, lines)))


# JSON, be it cut off: {"name": "Aino", 'age': 7, "ok": true leaves Aino.

_JSON_START = re.compile(r"\s*(?:\{\s*(?:[\"'}]|$)|\[\s*(?:[\"{\[\]}\d]|-\d|true\b|false\b|null\b))")
# "name": and "age": 7 with the number; a string that is no key, or that never ends, is passed over whole.
_STRING = re.compile(
    r'"[^"\\\n]*(?:\\.[^"\\\n]*)*'
    r'(?:"([ \t]{0,8}:\s{0,8}(?:(?:true|false|null|-?\d[\d.eE+-]{0,30})(?=[\s,}\]]|$))?)?)?'
)
_SINGLE_QUOTED_KEY = re.compile(r"(?<=[{,\s])'[^'\\\n]*(?:\\.[^'\\\n]*)*'[ \t]{0,8}:(?=\s{0,8}['\"\[{\dTFN-])")
_JSON_WORD = re.compile(r"(?<![^\s,\[])(?:true|false|null)(?=[ \t]{0,8}[,\]}\n])")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_LONGEST_KEY = 200


def _without_keys(text: str) -> str:
    text = _STRING.sub(
        lambda found: "\n" if found[1] and found.start(1) - found.start() <= _LONGEST_KEY else found[0], text
    )
    return _SINGLE_QUOTED_KEY.sub("\n", text)


def _json_values(text: str) -> str:
    """String values of JSON, valid or cut off, one a line."""
    text = _JSON_WORD.sub(" ", _without_keys(text))
    text = _ESCAPE.sub(_unescaped, text)
    return re.sub(r"[\"{}\[\]]", "\n", text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return " " if 0xD800 <= code <= 0xDFFF else chr(code)
    return " " if found[2] in 'nrtbf"' else found[2]


# YAML: "nimi: Aino" and "- Ikä vuosina: 7" leave Aino and 7. Without a fence, nearly all lines must have the shape.

_YAML_KEY = re.compile(r"^([ \t]*(?:-[ \t]+)?)[A-Za-zÅÄÖåäö_][\w .-]{0,40}:(?=\s|$)", re.M)
_YAML_LINE = re.compile(r"\s*(?:(?:-\s+)?[A-Za-zÅÄÖåäö_][\w .-]{0,40}:(?:\s|$)|-\s+\S|#)")  # a: b   - b   # c
_INDENTED_LINE = re.compile(r"(?:\s{2,}|\s?- )\S")
_BARE_YAML_KEY = re.compile(r"\s*(?:-\s+)?[a-zåäö][a-z0-9åäö]*(?:[_-][a-z0-9åäö]+)*:(?:\s|$)")  # koko_nimi: Aino


def _is_yaml(lines: list[str]) -> bool:
    """Whether unfenced lines are YAML: nearly all of them keyed, with bare lower-case keys."""
    keyed = sum(1 for line in lines if ":" in line and _BARE_YAML_KEY.match(line))
    if keyed < 2:
        return False
    filled = [line for line in lines if line.strip() and line.strip() != "---"]
    shaped = sum(1 for line in filled if _YAML_LINE.match(line) or _INDENTED_LINE.match(line))
    return shaped >= 0.9 * len(filled) and keyed >= 0.4 * len(filled)


# Markup: <p class="a">Hei</p> leaves Hei; <<Title>> is no element; scripts and styles go with what they hold.

_MARKUP_BLOCK = re.compile(r"<(script|style|code|pre|svg|math)\b[^<>]{0,400}>.*?(?:</\1\s{0,8}>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[?!][A-Za-z][^<>]{0,400}>", re.S)  # <!-- a -->   <!DOCTYPE html>
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"</?[A-Za-zÅÄÖåäö][\w:.-]{0,60}(?:\s[^<>]{0,600})?/?>")


def _element_text(text: str) -> str:
    text = _CDATA.sub(" ", text)
    text = _COMMENT.sub("\n", text)
    text = _MARKUP_BLOCK.sub("\n", text)
    text = text.replace("<<", " « ").replace(">>", " » ")
    return _TAG.sub("\n", text)


# Within a line.

_COMMENT_LINE = re.compile(r"\s*(?:#|//|--)\s+[^\W\d_]")  # all that a language can be told by where the rest is code

# \begin{quote}   \textbf   $$a = b$$   $x_1$, but not "$5 and $6"
_LATEX = re.compile(
    r"\\(?:begin|end|usepackage|documentclass|label|ref|cite)\b(?:\[[^\[\]\n]{0,80}\])?\{[^{}\n]{0,80}\}"
    r"|\\[A-Za-z]{1,30}\*?|\$\$[^$]{1,400}\$\$|\$(?!\s)[^$\n]{1,120}(?<!\s)\$(?!\d)"
)
_INLINE_CODE = re.compile(r"(`{1,2})[^`\n]{1,300}\1")  # `a = b`
_LINK_TEXT = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,600}\)")  # [text](https://a.fi) leaves its text
_PLACEHOLDER = re.compile(
    r"\[[^\[\]\n]{0,80}\]|\{\{?[^{}\n]{0,60}\}\}?|%\w\b|\$\{?\w{1,40}\}?"
)  # [nimi]   {{a}}   %s   ${A}
# https://a.fi/b   www.a.fi   aino@a.fi   @aino   a.fi/b
_ADDRESS = re.compile(
    r"(?:https?|ftp|mailto|file):[^\s<>\"”)\]]{1,2000}|www\.[^\s<>\"”)\]]{1,500}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,60}){1,5}|(?<!\w)@\w{2,40}"
    r"|(?<![\w.-])[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|org|net|fi|eu|io|se|ee|gov|edu|info)\b(?:/[^\s<>\"”)\]]{0,500})?"
)
# C:\a\b   ./a/b.py   a.b.c()
_PATH = re.compile(
    r"(?<![^\s\"'(])(?:[A-Za-z]:)?[~.]?[/\\]?(?:[.\w-]{1,60}[/\\]){2,12}[\w.-]{0,60}"
    r"|(?<![\w.])\w+(?:\.[A-Za-z]\w*)+\(?\)?(?=[\s,;:()\"'!?]|$)"
)
_DOTTED = re.compile(r"[.@/\\]\w|:/")  # without these no address and no path
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]{2,10});")  # &nbsp;
_UNDERSCORE = re.compile(r"(?<!\w)_+(?=\w)|(?<=[^\W_])_+(?!\w)|(?<!\w)_+(?!\w)")  # _emphasis_, but not a_b
# userName   a_b   H2O   5x
_MIXED = re.compile(r"(?<!\w)[^\W_]{0,60}(?:_|[a-zåäö][A-ZÅÄÖ]|\d[^\W\d]|[^\W\d]\d)\w{0,100}")
_MIXED_HINT = re.compile(r"[A-ZÅÄÖ\d_](?:(?<=[a-zåäö].)|(?<=[^\W\d]\d)|(?<=\d)(?=[^\W\d])|(?<=_))")


def _inline(text: str) -> str:
    """Running text without what is no word of any language."""
    if "\\" in text or "$" in text:
        text = _LATEX.sub(" ", text)
    if "`" in text:
        text = _INLINE_CODE.sub(" ", text)
    if "](" in text:
        text = _LINK_TEXT.sub(r" \1 ", text)
    if _DOTTED.search(text):
        text = _PATH.sub(" ", _ADDRESS.sub(" ", text))
    if "[" in text or "{" in text or "%" in text or "$" in text:
        text = _PLACEHOLDER.sub(" ", text)
    if "&" in text:
        text = _ENTITY.sub(" ", text)
    if "_" in text:
        text = _UNDERSCORE.sub(" ", text)
    if not _MIXED_HINT.search(text):
        return text
    # Looking for what is mixed costs more than all the rest, and few lines have a sign of it.
    return "\n".join([_MIXED.sub(" ", line) if _MIXED_HINT.search(line) else line for line in text.split("\n")])
