"""The arguments of a translated prompt: what the instructions quote, found again in the translation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ifeval_fi.languages import Language
from ifeval_fi.translate.clean import Flag
from ifeval_fi.translate.protect import FORMS, PASSAGES, WORDS, Argument, Protected
from ifeval_fi.translate.restore import Restored

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class Found:
    """The arguments of one translated prompt; `text` is the prompt with section names in one form."""

    def __init__(self, protected: Protected, restored: Restored, language: Language) -> None:
        self.text = restored.text
        self.flags: list[Flag] = [Flag("argument_not_in_source", each) for each in protected.absent]
        self._language = language
        self._values: dict[Argument, str] = {}
        for number, argument in enumerate(protected.arguments):
            if number in protected.tagged:
                forms = [form for form in restored.forms.get(number, ()) if form.strip()]
                self._values[argument] = self._value(argument, forms)

    def kwargs(self, source: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The source's arguments with the translated ones in their place."""
        return [{name: self._replaced(name, value) for name, value in each.items()} for each in source]

    def _replaced(self, name: str, value: Any) -> Any:
        kind = "word" if name in WORDS else "form" if name in FORMS else "passage" if name in PASSAGES else None
        if kind is None:
            return value
        if isinstance(value, str):
            return self._values.get(Argument(value, kind), value)  # type: ignore[arg-type]
        return list(dict.fromkeys(self._values.get(Argument(each, kind), each) for each in value))  # type: ignore[arg-type]

    def _value(self, argument: Argument, forms: list[str]) -> str:
        if not forms:
            self.flags.append(Flag("argument_lost", argument.value))
            return argument.value
        if argument.kind == "passage":
            return max(forms, key=len)
        bare = [_EDGES.sub("", form) or form for form in forms]
        return self._word(argument, bare) if argument.kind == "word" else self._form(argument, bare)

    def _form(self, argument: Argument, forms: list[str]) -> str:
        """A section name or first word, which the response must have to the letter."""
        if len({form.casefold() for form in forms}) > 1:
            self.flags.append(Flag("argument_ambiguous", f"{argument.value}: {', '.join(dict.fromkeys(forms))}"))
        chosen = forms[0].lower() if argument.value.islower() else forms[0]
        if argument.value.isupper():
            chosen = forms[0].upper()
            for form in set(forms) - {chosen}:
                self.text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", form.upper(), self.text)
        if len(chosen.split()) > len(argument.value.split()):
            self.flags.append(Flag("argument_ambiguous", f"{argument.value}: {chosen} is more than one word"))
        return chosen

    def _word(self, argument: Argument, forms: list[str]) -> str:
        """The dictionary word that most of the forms can belong to and that the prompt says most often."""
        if argument.value.islower():
            forms = [form.lower() for form in forms]
        if argument.value in forms:  # left as it was: a name, or a word that both languages have
            return argument.value
        support: Counter[str] = Counter()
        for form in forms:
            support.update(self._candidates(form))
        if not support:
            self.flags.append(Flag("argument_lost", f"{argument.value}: {forms[0]}"))
            return forms[0]
        rank = {word: (n, len(self._language.occurrences(self.text, word))) for word, n in support.items()}
        best = [word for word in rank if rank[word] == max(rank.values())]
        if len(best) > 1 and best[0] != forms[0]:
            self.flags.append(Flag("argument_ambiguous", f"{forms[0]}: {', '.join(best)}"))
        return best[0]

    def _candidates(self, form: str) -> list[str]:
        """The dictionary words of the form that the prompt is seen to say, or the form itself."""
        words = [word for word in self._language.dictionary_forms(form) if self._language.occurrences(self.text, word)]
        return words or [form] * bool(self._language.occurrences(self.text, form))
