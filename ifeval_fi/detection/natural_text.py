"""What is left of a response when code, markup, keys, links, numbers and placeholders are taken out."""

from __future__ import annotations

import re

from ifeval_fi.text import nfc

LONGEST = 40_000  # characters looked at; a longer text is judged by its beginning, middle and end

_FENCE = re.compile(r"^[ \t>]{0,12}(`{3,}|~{3,})[ \t]*([\w+#.-]*)")
_DATA_FENCES = frozenset({"json", "jsonc", "json5", "jsonl", "ndjson"})
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

_KEY = re.compile(
    r'"(?:[^"\\\n]|\\.){0,200}"[ \t]{0,8}:\s{0,8}(?:(?:true|false|null|-?\d[\d.eE+-]{0,30})(?=[\s,}\]]|$))?'
    r"|(?<=[{,\s])'(?:[^'\\\n]|\\.){0,80}'[ \t]{0,8}:(?=\s{0,8}['\"\[{\dTFN-])"
)
_JSON_WORD = re.compile(r"(?<![^\s,\[])(?:true|false|null)(?=[ \t]{0,8}[,\]}\n])")
_JSON_START = re.compile(r"\s*(?:\{\s*(?:[\"'}]|$)|\[\s*(?:[\"{\[\]}\d]|-\d|true\b|false\b|null\b))")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")

_MARKUP_BLOCK = re.compile(r"<(script|style|code|pre|svg|math)\b[^<>]{0,400}>.*?(?:</\1\s{0,8}>|\Z)", re.I | re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[?!][A-Za-z][^<>]{0,400}>", re.S)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"</?[A-Za-zÅÄÖåäö][\w:.-]{0,60}(?:\s[^<>]{0,600})?/?>")
_LATEX = re.compile(
    r"\\(?:begin|end|usepackage|documentclass|label|ref|cite)\b(?:\[[^\[\]\n]{0,80}\])?\{[^{}\n]{0,80}\}"
    r"|\\[A-Za-z]{1,30}\*?|\$\$[^$]{1,400}\$\$|\$(?!\s)[^$\n]{1,120}(?<!\s)\$(?!\d)"
)
_INLINE_CODE = re.compile(r"(`{1,2})[^`\n]{1,300}\1")
_LINK_TEXT = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,600}\)")
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]{0,80}\]|\{\{?[^{}\n]{0,60}\}\}?|%\w\b|\$\{?\w{1,40}\}?")
_ADDRESS = re.compile(
    r"(?:https?|ftp|mailto|file):[^\s<>\"”)\]]{1,2000}|www\.[^\s<>\"”)\]]{1,500}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,100}(?:\.[\w-]{1,60}){1,5}|(?<!\w)@\w{2,40}"
    r"|(?<![\w.-])[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|org|net|fi|eu|io|se|ee|gov|edu|info)\b(?:/[^\s<>\"”)\]]{0,500})?"
)
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]{2,10});")
_DOTTED = re.compile(r"[.@/\\]\w|:/")
_MIXED = re.compile(r"(?<!\w)[^\W_]{0,60}(?:_|[a-zåäö][A-ZÅÄÖ]|\d[^\W\d]|[^\W\d]\d)\w{0,100}")
_MIXED_HINT = re.compile(r"[A-ZÅÄÖ\d_](?:(?<=[a-zåäö].)|(?<=[^\W\d]\d)|(?<=\d)(?=[^\W\d])|(?<=_))")
_UNDERSCORE = re.compile(r"(?<!\w)_+(?=\w)|(?<=[^\W_])_+(?!\w)|(?<!\w)_+(?!\w)")
_PATH = re.compile(
    r"(?<![^\s\"'(])(?:[A-Za-z]:)?[~.]?[/\\]?(?:[.\w-]{1,60}[/\\]){2,12}[\w.-]{0,60}"
    r"|(?<!\w)\w{1,40}(?:\.[A-Za-z]\w{0,40}){1,5}\(?\)?(?=[\s,;:()\"'!?]|$)"
)

_CODE_LINE = re.compile(
    r"""^\s*(?:
      (?:def|class|fn|func|function|interface|struct|enum)\s+\w+.*[:{(]\s*$
    | (?:from\s+[\w.]+\s+)?import\s+[\w.{}*,\s]+(?:\s+as\s+\w+)?;?\s*$
    | \#\s*(?:include|define|pragma|ifdef|endif)\b | \#!/
    | (?:if|for|while|elif|switch|catch|with|return|else|try|except|do|case)\b.*[:{;]\s*$(?<![a-zåäö]\s:)
    | (?:public|private|protected|static|const|let|var|final|void|int|float|double|char|auto)\s+\w.*[;={(]
    | (?:print|console\.log|System\.out\.\w+|echo|printf|return)\b\s*[("'$].*
    | [\w.\[\]'"$]+\s*(?:[-+*/|&:]?=)\s*[^=\s].*
    | [\w.]+\(.*\)\s*[;{]?\s*$
    | [})\]]+[;,)]*\s*$
    | .*[()=\[\]<>{}].*[;{}]\s*$ | [\w\s.,:>*&-]*[{}]\s*$
    | [\w-]+\s*:\s*[^;]{1,100};\s*$
    | (?://|/\*|\*/|--\s) .*
    | (?:\$|>>>|\.\.\.)\s+\S.*
    | (?:sudo|pip3?|npm|npx|git|docker|cd|apt|apt-get|curl|wget|mkdir|chmod|brew|cargo|kubectl)\s+[\w./-]+.*
    | (?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+TABLE|ALTER\s+TABLE)\b.*(?:\b(?:FROM|SET|VALUES)\b|[(;,*])
    | (?:FROM|WHERE|ORDER\s+BY|GROUP\s+BY|JOIN)\s+[\w.=<>'" ]+;?\s*$
    )""",
    re.X,
)
_CODE_MARK = re.compile(r"[;{}()=<>\[\]_]|\w\.\w|//")
_COMMAND = re.compile(r"\s*(?:(?:import|from|sudo|pip3?|npm|npx|git|docker|cd|apt|def|class)\b|\$\s)")
_SENTENCE_LIKE = re.compile(r"(?:[^\W\d_]{2,}[ ,]+){5,}")
_HASH_COMMENT = re.compile(r"\s*(?:#(?!#)|//|/\*|\*|\"\"\"|''')\s*\S")
_YAML_LINE = re.compile(r"\s*(?:-\s+)?[A-Za-zÅÄÖåäö_][\w .-]{0,40}:(?:\s|$)|\s*-\s+\S|\s*#")
_YAML_KEY = re.compile(r"^(\s*(?:-\s+)?)[A-Za-zÅÄÖåäö_][\w .-]{0,40}:(?=\s|$)", re.M)
_BARE_YAML_KEY = re.compile(r"\s*(?:-\s+)?[a-zåäö][a-z0-9åäö]*(?:[_-][a-z0-9åäö]+)*:(?:\s|$)")
_INDENTED_LINE = re.compile(r"^(?:\s{2,}|\s*- )\S", re.M)


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
    if kind == "-":
        return _prose(text)
    if kind in _CODE_FENCES:
        return ""
    if kind in _DATA_FENCES:
        return _inline(_json_values(text))
    if kind in ("yaml", "yml"):
        return _inline(_YAML_KEY.sub(r"\1", text))
    if kind in _MARKUP_FENCES:
        return _inline(_element_text(text))
    if kind in _PROSE_FENCES:
        return _prose(text)
    return "" if _is_code(lines) else _prose(text)


def _prose(text: str) -> str:
    if _JSON_START.match(text) and ('"' in text or "'" in text):
        return _inline(_json_values(text))
    if "<" in text:
        text = _element_text(text)
    text = _KEY.sub("\n", text) if '":' in text or '" :' in text else text
    lines = text.split("\n")
    if _is_yaml(lines):
        return _inline(_YAML_KEY.sub(r"\1", text))
    return _inline("\n".join(_without_code(lines)))


def _json_values(text: str) -> str:
    """String values of JSON, valid or cut off, one a line."""
    text = _KEY.sub("\n", text)
    text = _JSON_WORD.sub(" ", text)
    text = _ESCAPE.sub(_unescaped, text)
    return re.sub(r"[\"{}\[\]]", "\n", text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        code = int(found[1], 16)
        return " " if 0xD800 <= code <= 0xDFFF else chr(code)
    return " " if found[2] in "nrtbf" else " " if found[2] == '"' else found[2]


def _element_text(text: str) -> str:
    text = _CDATA.sub(" ", text)
    text = _COMMENT.sub("\n", text)
    text = _MARKUP_BLOCK.sub("\n", text)
    text = text.replace("<<", " « ").replace(">>", " » ")
    return _TAG.sub("\n", text)


def _is_yaml(lines: list[str]) -> bool:
    """Whether unfenced lines are YAML: nearly all of them keyed, with bare lower-case keys."""
    filled = [line for line in lines if line.strip() and line.strip() != "---"]
    keyed = sum(1 for line in filled if _BARE_YAML_KEY.match(line))
    shaped = sum(1 for line in filled if _YAML_LINE.match(line) or _INDENTED_LINE.match(line))
    return keyed >= 2 and shaped >= 0.9 * len(filled) and keyed >= 0.4 * len(filled)


def _is_code_line(line: str) -> bool:
    if not (_CODE_MARK.search(line) or _COMMAND.match(line)) or not _CODE_LINE.match(line[:400]):
        return False
    return not (_SENTENCE_LIKE.search(line[:400]) and line.rstrip()[-1:] not in ";{}")


def _is_code(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    marked = sum(1 for line in filled if _is_code_line(line) or _HASH_COMMENT.match(line))
    return any(_is_code_line(line) for line in filled) and marked >= 0.4 * len(filled)


def _without_code(lines: list[str]) -> list[str]:
    """The lines without those of unfenced code and the comments that stand among them."""
    code = [_is_code_line(line) for line in lines]
    if not any(code):
        return lines
    for here in (*range(1, len(lines)), *range(len(lines) - 2, -1, -1)):
        beside = code[here - 1] if here else False
        below = code[here + 1] if here + 1 < len(lines) else False
        indented = lines[here][:1] in (" ", "\t") and beside
        if (beside or below) and lines[here].strip() and (_HASH_COMMENT.match(lines[here]) or indented):
            code[here] = True
    return [line for line, skipped in zip(lines, code, strict=True) if not skipped]


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
    return _MIXED.sub(" ", text) if _MIXED_HINT.search(text) else text
