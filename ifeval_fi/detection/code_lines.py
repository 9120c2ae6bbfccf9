"""Lines of program code, shell commands and queries, told from lines of prose.

Every pattern is held against a line without the white space around it, and reads each character once: what may repeat
never borders on what could match the same character.
"""

from __future__ import annotations

import re

# A line without any of these, and that begins with no command, is prose.
_MARK = re.compile(r"[;{}()=<>\[\]_]|\w\.\w|//")
_COMMAND = re.compile(r"(?:import|from|sudo|pip3?|npm|npx|git|docker|cd|apt|def|class)\b|\$\s")

# How lines of code begin, whatever follows.
_BEGINNING = re.compile(
    r"""
      \#\s*(?:include|define|pragma|ifdef|endif)\b | \#!/                                   # #include <a.h>   #!/bin/sh
    | (?:public|private|protected|static|const|let|var|final|void|int|float|double|char|auto)
      \s+\w[^;={(]*[;={(]                                                                    # let a = 1   void f(
    | (?:print|console\.log|System\.out\.\w+|echo|printf|return)\b\s*[("'$]                  # print("a")   echo $A
    | [\w.\[\]'"$]+\s*[-+*/|&:]?=\s*[^=\s]                                                   # a[0] += 1
    | // | /\* | \*/ | --\s                                                                  # // a   /* a   -- a
    | (?:\$|>>>|\.\.\.)\s+\S                                                                 # $ ls   >>> a
    | (?:sudo|pip3?|npm|npx|git|docker|cd|apt|apt-get|curl|wget|mkdir|chmod|brew|cargo|kubectl)\s+[\w./-]   # git add a
    """,
    re.X,
)
# Whole lines.
_WHOLE = re.compile(
    r"""
      (?:from\s+[\w.]+\s+)?import\s[\w.{}*,\s]+;?                                            # from a import b as c
    | [\w\s.,:>*&-]*[{}]                                                                     # ul > li {
    | [\w-]+\s*:[^;]{1,110};                                                                 # color: red;
    | (?:FROM|WHERE|ORDER\s+BY|GROUP\s+BY|JOIN)\s[\w.=<>'"\ ]+;?                             # WHERE a = 'b'
    """,
    re.X,
)
_DEFINITION = re.compile(r"(?:def|class|fn|func|function|interface|struct|enum)\s+\w")  # def f(a):   class A {
_CONTROL = re.compile(r"(?:if|for|while|elif|switch|catch|with|return|else|try|except|do|case)\b")  # if (a) {   else:
_SPACED_COLON = re.compile(r"[a-zåäö]\s:")  # "if this holds :" is prose
_CALL = re.compile(r"[\w.]+\(")  # a.b(c);   f() {
_BRACKET = re.compile(r"[()=\[\]<>{}]")
_QUERY = re.compile(r"(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE\s+TABLE|ALTER\s+TABLE)\b")
_QUERY_GOES_ON = re.compile(r"\b(?:FROM|SET|VALUES)\b|[(;,*]")  # SELECT a FROM b   UPDATE a SET b
_CLOSERS = "})];,"

_FIVE_WORDS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{2,}[ ,]+){5}")  # a run of words is a sentence
_COMMENT = re.compile(r"(?:#(?!#)|//|/\*|\*|\"\"\"|''')\s*\S")  # # a   // a   * a


def is_code_line(line: str) -> bool:
    """Whether the line by itself is code."""
    line = line.strip()
    if not line or not (_MARK.search(line) or _COMMAND.match(line)):
        return False
    return _is_shaped_like_code(line) and (line[-1] in ";{}" or not _FIVE_WORDS.search(line))


def _is_shaped_like_code(line: str) -> bool:
    last = line[-1]
    if _BEGINNING.match(line) or _WHOLE.fullmatch(line):
        return True
    if last in ":{(" and _DEFINITION.match(line):
        return True
    if last in ":{;" and _CONTROL.match(line) and not _SPACED_COLON.fullmatch(line, max(0, len(line) - 3)):
        return True
    called = line[:-1].rstrip() if last in ";{" else line
    if called.endswith(")") and _CALL.match(line):
        return True
    if line[0] in "})]" and not line.strip(_CLOSERS):
        return True  # });
    if last in ";{}" and _BRACKET.search(line, 0, len(line) - 1):
        return True  # while (true);
    query = _QUERY.match(line)
    return query is not None and _QUERY_GOES_ON.search(line, query.end()) is not None


def is_code(lines: list[str]) -> bool:
    """Whether the lines of a fence without a name are code: some surely, and two fifths with comments."""
    filled = [line.strip() for line in lines if line.strip()]
    code = [is_code_line(line) for line in filled]
    marked = sum(1 for line, sure in zip(filled, code, strict=True) if sure or _COMMENT.match(line))
    return any(code) and marked >= 0.4 * len(filled)


def without_code(lines: list[str]) -> list[str]:
    """The lines without those of unfenced code, and without the comments and indented lines that stand among them."""
    code = [is_code_line(line) for line in lines]
    if not any(code):
        return lines
    for here in (*range(1, len(lines)), *range(len(lines) - 2, -1, -1)):
        above = here > 0 and code[here - 1]
        below = here + 1 < len(lines) and code[here + 1]
        line = lines[here]
        if (above or below) and line.strip() and (_COMMENT.match(line.lstrip()) or (above and line[0] in " \t")):
            code[here] = True
    return [line for line, skipped in zip(lines, code, strict=True) if not skipped]
