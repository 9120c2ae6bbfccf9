"""A model's thinking is not its answer: take the leading thinking out of a text, whichever notation it is in.

Every way through is linear in the text, which a model or a stranger's file may have filled with a million marks.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple


class Split(NamedTuple):
    """An answer without its thinking; `unclosed` when the text ended before the thinking did."""

    answer: str
    thinking: str | None
    unclosed: bool = False


# How thinking begins and ends, by notation. Tags such as <think>…</think> are paired by name instead.
_NOTATIONS = {
    "magistral": (r"\[THINK\]", r"\[/THINK\]"),
    "kimi": (r"◁think▷", r"◁/think▷"),
    "command": (r"<\|START_THINKING\|>", r"<\|END_THINKING\|>"),
    "openthinker": (r"<\|begin_of_thought\|>", r"<\|end_of_thought\|>"),
    "apertus": (r"<\|inner_prefix\|>", r"<\|inner_suffix\|>"),
    "gemma": (r"<\|channel>(?:thought|analysis)\b", r"<channel\|>"),
    "medgemma": (r"<unused94>(?:thought\b)?", r"<unused95>"),
    "solar": (r"<\|(?:begin_(?:of_)?)?think(?:ing)?\|>", r"<\|(?:(?:/|end_(?:of_)?)think(?:ing)?|end)\|>"),
    "webui": (r"<details\s[^<>]{0,100}type=\"reasoning\"[^<>]{0,200}>", r"</details>"),
    "granite": (r"Here(?:'s|’s| is) my thought process:", r"Here(?:'s|’s| is) my response:"),
    "apriel": (r"Here are my reasoning steps:", r"\[BEGIN FINAL RESPONSE\]"),
}
# What of these may close without having been opened (chat templates put the opening mark into the prompt).
_UNIQUE_CLOSERS = frozenset({"magistral", "kimi", "command", "openthinker", "apertus", "gemma", "medgemma"})
# What opens with ordinary words or markup is thinking only when it also ends.
_MUST_CLOSE = frozenset({"webui", "granite", "apriel"})

# <think>, <Thinking time="3s">, <seed:think>, </thought>, <think/>
_TAG = (
    r"<(?P<slash>/?)(?P<name>(?:[a-z]\w{0,20}:)?(?:think|thinking|thoughts?|reasoning|scratchpad|cot"
    r"|inner_thoughts?|thought_process|thinking_process|chain_of_thought))"
    r"(?:\s[^<>]{0,200})?(?P<self>/?)>"
)


def _after_first(pattern: str) -> str:
    """The pattern after its first character, which then stands behind it."""
    size = 2 if pattern.startswith("\\") else 1
    return f"(?<={pattern[:size]}){pattern[size:]}"


# Every mark begins with one of four characters, and looking for these alone is many times quicker.
_MARK = re.compile(
    r"[<\[◁H](?:"
    + "|".join(
        [rf"(?P<tag>(?i:{_after_first(_TAG)}))"]
        + [
            f"(?P<{side}_{name}>{_after_first(pattern)})"
            for name, pair in _NOTATIONS.items()
            for side, pattern in zip(("open", "close"), pair, strict=True)
        ]
    )
    + ")"
)
# Without one of these no text closes what it did not open; looking for them is quicker than looking for every mark.
_CLOSER_HINTS = (
    "</",
    "[/THINK]",
    "◁/think▷",
    "<|END_",
    "<|end_of_thought",
    "<|inner_suffix",
    "<channel|>",
    "<unused95>",
)
# A mark between quotation marks or backticks is spoken of: `</think>`.
_QUOTES = "`\"'”’»"
_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\ufeff"
# What some notations set around the answer: <|START_RESPONSE|>Hei<|END_RESPONSE|>
_ANSWER_BEGINS = re.compile(
    r"\s*(?:<\|START_(?:RESPONSE|TEXT)\|>|<\|begin_of_solution\|>|\[BEGIN FINAL RESPONSE\]"
    r"|<\|begin\|>assistant<\|content\|>)\s*"
)
_ANSWER_ENDS = (
    "<|END_RESPONSE|>", "<|END_TEXT|>", "<|end_of_solution|>", "[END FINAL RESPONSE]", "<|end|>", "<|return|>"
)  # fmt: skip

# <|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…<|return|>
_HARMONY_MARK = re.compile(r"<\|(start|channel|message|constrain|end|return|call)\|>")
_HARMONY_BEGINS = re.compile(r"\s*(?:<\|start\|>\s*(?:\w+\s*)?)?<\|(?:channel|message)\|>")
_HARMONY_GOES_ON = re.compile(r"<\|end\|>\s*<\|start\|>assistant\s*<\|channel\|>")
# The same where a server dropped the special tokens: analysisThe user asks …assistantfinalHei
_BARE_BEGINS = re.compile(r"\s*(?:assistant)?(?:analysis|commentary)(?=(?P<glued>[A-Z]))?")
_BARE_FINAL = "assistantfinal"


def split_thinking(text: str, thought: str | None = None) -> Split:
    """Take the leading thinking out of a text; later marks are the answer's own words.

    `thought` is what the server reported as thinking in a field of its own: where it stands in the text once more,
    it is taken out too. The first opening mark may be missing, because some chat templates put it into the prompt.
    A text without thinking comes back as it is.
    """
    found = _split_harmony(text) or _split_bare_channels(text) or _split_marks(text, thought)
    if found is None:
        return _split_repeated(text, thought) if thought else Split(text, None)
    return found if thought is None else Split(found.answer, thought, found.unclosed)


_CLOSES, _OPENS, _EMPTY = 0, 1, 2


class _Marks:
    """The marks of a text in its order: where each stands, its notation or tag, and whether it closes, opens or both.

    Lists of numbers, for a million match objects would each be looked at whenever memory is tidied up.
    """

    def __init__(self, text: str) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.names: list[str] = []
        self.kinds = bytearray()
        for mark in _MARK.finditer(text):
            start, end = mark.span()
            if start and text[start - 1] in _QUOTES and text[end : end + 1] in tuple(_QUOTES):
                continue
            self.starts.append(start)
            self.ends.append(end)
            if mark["tag"]:
                self.names.append(sys.intern(mark["name"].lower()))
                self.kinds.append(_CLOSES if mark["slash"] else _EMPTY if mark["self"] else _OPENS)
            else:
                side, _, name = str(mark.lastgroup).partition("_")
                self.names.append(name)
                self.kinds.append(_OPENS if side == "open" else _CLOSES)

    def __len__(self) -> int:
        return len(self.starts)


def _split_marks(text: str, thought: str | None) -> Split | None:
    """Leading blocks between marks; None when there are none."""
    if not _MARK.match(text.lstrip(_BLANK)) and not any(hint in text for hint in _CLOSER_HINTS):
        return None
    marks = _Marks(text)
    names, kinds = marks.names, marks.kinds
    thoughts: list[str] = []
    place, end = 0, 0
    if marks and kinds[0] == _CLOSES and (names[0] not in _NOTATIONS or names[0] in _UNIQUE_CLOSERS):
        before = text[: marks.starts[0]]
        if thought is not None and before.strip(_BLANK) != thought.strip(_BLANK):
            return None
        thoughts, place, end = [before], 1, marks.ends[0]
    last_close = {name: number for number, name in enumerate(names) if kinds[number] == _CLOSES}
    last_tag_close = max((number for name, number in last_close.items() if name not in _NOTATIONS), default=-1)
    while place < len(marks) and kinds[place] != _CLOSES and not text[end : marks.starts[place]].strip(_BLANK):
        name, begins = names[place], marks.ends[place]
        if kinds[place] == _EMPTY:
            thoughts.append("")
            end, place = begins, place + 1
            continue
        # <thinking>…</think> is closed too, unless its own name follows.
        own = last_close.get(name, -1) > place
        if not own and (name in _NOTATIONS or last_tag_close < place):
            if name in _MUST_CLOSE:
                break
            return Split("", _joined([*thoughts, text[begins:]]), unclosed=True)
        place += 1
        while kinds[place] != _CLOSES or (names[place] != name if own else names[place] in _NOTATIONS):
            place += 1
        thoughts.append(text[begins : marks.starts[place]])
        end, place = marks.ends[place], place + 1
    return Split(_unwrapped(text[end:]), _joined(thoughts)) if thoughts else None


def _unwrapped(text: str) -> str:
    """The answer without the marks that its notation sets around it."""
    answer = text.lstrip(_BLANK)
    if begins := _ANSWER_BEGINS.match(answer):
        answer = answer[begins.end() :]
    stripped = answer.rstrip()
    ending = next((mark for mark in _ANSWER_ENDS if stripped.endswith(mark)), None)
    return stripped.removesuffix(ending).rstrip() if ending else answer


def _split_harmony(text: str) -> Split | None:
    """Messages in channels: what is in the final one is the answer."""
    begins = _HARMONY_BEGINS.match(text)
    if not begins and not _HARMONY_GOES_ON.search(text):
        return None
    answer: list[str] = []
    thoughts: list[str] = []
    # Where the prompt has opened the first message, the text begins inside its thinking.
    channel, inside, start = ("", False, 0) if begins else ("analysis", True, 0)
    answered = False

    def ended(end: int) -> None:
        if inside:
            (answer if channel in ("final", "") else thoughts).append(text[start:end])

    header = ""
    for mark in _HARMONY_MARK.finditer(text):
        kind = mark[1]
        if inside:
            ended(mark.start())
            inside, channel = False, ""
        elif header == "channel":
            channel = (text[start : mark.start()].split() or [""])[0]
        if kind == "message":
            inside, header = True, ""
            answered = answered or channel in ("final", "")
        else:
            header = kind
        start = mark.end()
    ended(len(text))
    return Split("".join(answer).lstrip(_BLANK), _joined(thoughts), unclosed=not answered)


def _split_bare_channels(text: str) -> Split | None:
    begins = _BARE_BEGINS.match(text)
    if not begins:
        return None
    end = text.find(_BARE_FINAL, begins.end())
    if end >= 0:
        return Split(text[end + len(_BARE_FINAL) :].lstrip(_BLANK), _joined([text[begins.end() : end]]))
    return Split("", _joined([text[begins.end() :]]), unclosed=True) if begins["glued"] else None


def _split_repeated(text: str, thought: str) -> Split:
    """Take out a thought that stands again, without marks, as the first paragraphs of the text."""
    told, begins = thought.strip(_BLANK), text.lstrip(_BLANK)
    rest = begins[len(told) :] if told and begins.startswith(told) else ""
    answer = rest.lstrip(_BLANK)
    parted = "\n" in rest[: len(rest) - len(answer)]
    return Split(answer, thought) if answer and parted else Split(text, thought)


def _joined(thoughts: list[str]) -> str | None:
    return "\n\n".join(each.strip() for each in thoughts if each.strip()) or None
