"""Swedish."""

from __future__ import annotations

from ifeval_fi.languages import QUOTATION_MARKS, Language
from ifeval_fi.languages.sv.lexicon import readings
from ifeval_fi.languages.sv.occurrences import occurrences
from ifeval_fi.languages.sv.sentences import sentences
from ifeval_fi.text import words

# "PS.", "P.S:", "P. S.", "Ps:" and bare "PS", but not "PS:et".
POSTSCRIPTS = {
    "P.S.": r"p\.[ ]?s(?:[.:]+|(?=[\s*_]))|ps(?:[.:]+|(?=[\s*_]))",
    "P.P.S": r"p\.[ ]?p\.[ ]?s(?:[.:]+|(?=[\s*_]))|p\.?ps(?:[.:]+|(?=[\s*_]))",
}
NUMERALS = {
    number: tuple(names.split())
    for number, names in enumerate(
        (
            "noll ingen inget inga",
            "en ett första enda gång",
            "två andra båda bägge par tvåa gånger",
            "tre tredje",
            "fyra fjärde",
            "fem femte",
            "sex sjätte",
            "sju sjunde",
            "åtta åttonde",
            "nio nionde",
            "tio tionde tiotal tiotalet",
            "elva elfte",
            "tolv tolfte dussin",
            "tretton trettonde",
            "fjorton fjortonde",
            "femton femtonde",
            "sexton sextonde",
            "sjutton sjuttonde",
            "arton artonde",
            "nitton nittonde",
            "tjugo tjugonde tjugotal",
        )
    )
} | {
    25: ("tjugofem",),
    30: ("trettio",),
    40: ("fyrtio",),
    50: ("femtio",),
    60: ("sextio",),
    70: ("sjuttio",),
    80: ("åttio",),
    90: ("nittio",),
    100: ("hundra", "etthundra"),
    200: ("tvåhundra",),
    300: ("trehundra",),
    400: ("fyrahundra",),
    500: ("femhundra",),
    600: ("sexhundra",),
    800: ("åttahundra",),
    1000: ("tusen", "ettusen"),
}
FILLER = (
    "Katten sover i soffan.",
    "Hunden springer runt huset.",
    "Vi dricker kaffe på morgonen.",
    "Hon läser en bok om havet.",
    "Det regnar hela dagen.",
    "Han bor i ett rött hus vid skogen.",
    "Barnen leker ute på gården.",
    "Jag tycker om sommaren.",
    "De åker hem i morgon.",
    "Det är kallt och mörkt på vintern.",
    "Nu är det kväll.",
    "Hon gick ut.",
    "Bussen kommer snart.",
    "Vi bor nära sjön.",
    "Det är inte svårt.",
)


def dictionary_forms(form: str) -> tuple[str, ...]:
    """The dictionary words the form can belong to; the form itself when it is a phrase or no listed word's."""
    found = dict.fromkeys(lexeme.word for lexeme in readings(form.lower()))
    return tuple(found) or (form,)


LANGUAGE = Language(
    code="sv",
    name="Swedish",
    own_name="svenska",
    own_rules="swedish",
    default_rules="swedish",
    words=words,
    sentences=sentences,
    occurrences=occurrences,
    answers=("Mitt svar är ja.", "Mitt svar är nej.", "Mitt svar är kanske."),
    postscripts=POSTSCRIPTS,
    quotation_marks=(*QUOTATION_MARKS, ("»", "«")),
    numerals=NUMERALS,
    more_than=("mer än", "fler än", "över", "oftare än", "flera än"),
    at_most=(
        "högst",
        "max",
        "längre än",
        "mer än",
        "maximalt",
        "som mest",
        "inte mer än",
        "inte fler än",
        "eller färre",
        "bara",
        "exakt",
    ),
    filler=FILLER,
    typography=(
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", "a number with comma groups", "write 10 000"),
        (
            r"(?<![\d.])\d+\.\d+(?= (?:kronor|kr|procent|meter|kilometer|kilo|grader|%))",
            "a decimal point",
            "write 2,5",
        ),
    ),
    dictionary_forms=dictionary_forms,
)
