"""What the published code says of a response as a whole: language, letter case, beginning, end, commas."""

from __future__ import annotations

from itertools import islice

from ifeval_fi.checks import Relation, Verdict, counted
from ifeval_fi.detection import reference_langdetect
from ifeval_fi.languages import Language
from ifeval_fi.rules.reference.table import enough, reference
from ifeval_fi.rules.reference.tokens import capital_words


@reference("language:response_language")
def response_language(text: str, _: Language, *, language: str) -> Verdict:
    """Followed when langdetect, seeded with 0, says the language, or finds nothing to go by."""
    return _in_language(text, language)


def _in_language(text: str, code: str) -> Verdict:
    detected = reference_langdetect(text)
    if detected is None:
        return Verdict(True, "language undetectable, which counts as followed")
    return Verdict(detected == code, f"detected {detected}, asked {code}")


@reference("combination:two_responses")
def two_responses(text: str, language: Language) -> Verdict:
    """Followed when six asterisks part two different texts; only the first and the last part may be empty."""
    parts = [part.strip() for part in text.split("******")]
    if not all(parts[1:-1]):
        return Verdict(False, "an empty part between dividers")
    answers = list(filter(None, parts))
    if len(answers) != 2:
        return Verdict(False, f"{len(answers)} responses, asked 2")
    return Verdict(answers[0] != answers[1], "2 responses" if answers[0] != answers[1] else "twice the same")


@reference("combination:repeat_prompt")
def repeat_prompt(text: str, language: Language, *, prompt_to_repeat: str) -> Verdict:
    """Followed when the text begins with the prompt, case and white space around them ignored."""
    followed = text.strip().lower().startswith(prompt_to_repeat.strip().lower())
    return Verdict(followed, f"begins {text.strip()[:60]}")


@reference("startend:end_checker")
def end_checker(text: str, language: Language, *, end_phrase: str) -> Verdict:
    """Followed when the text, less straight double quotes around it, ends with the phrase, case ignored."""
    end = text.strip().strip('"').lower()
    return Verdict(end.endswith(end_phrase.strip().lower()), f"ends {end[-60:]}")


@reference("startend:quotation")
def quotation(text: str, language: Language) -> Verdict:
    """Followed when the first and the last character are straight double quotes."""
    text = text.strip()
    followed = len(text) > 1 and text[0] == text[-1] == '"'
    return Verdict(followed, f"begins {text[:10]} and ends {text[-10:]}")


@reference("change_case:capital_word_frequency")
def capital_word_frequency(
    text: str, language: Language, *, capital_frequency: int, capital_relation: Relation
) -> Verdict:
    """Followed when the number of NLTK tokens in capitals is as asked."""
    found = list(islice(capital_words(text), enough(capital_frequency)))
    return counted(len(found), capital_relation, capital_frequency, ", ".join(found[:8]))


@reference("change_case:english_capital")
def english_capital(text: str, language: Language) -> Verdict:
    """Followed when no cased character is lower case, one is upper case, and langdetect says English."""
    return _in_language(text, "en") if text.isupper() else Verdict(False, "not in capitals")


@reference("change_case:english_lowercase")
def english_lowercase(text: str, language: Language) -> Verdict:
    """Followed when no cased character is upper case, one is lower case, and langdetect says English."""
    return _in_language(text, "en") if text.islower() else Verdict(False, "not in lower case")


@reference("punctuation:no_comma")
def no_comma(text: str, language: Language) -> Verdict:
    """Followed when the text has no comma."""
    count = text.count(",")
    return Verdict(not count, f"{count} commas" if count else "no comma")
