"""Danish."""

from __future__ import annotations

from ifeval_fi.languages import POSTSCRIPTS, QUOTATION_MARKS, Language
from ifeval_fi.languages.da.lexicon import by_form, listed
from ifeval_fi.languages.da.occurrences import occurrences
from ifeval_fi.languages.da.sentences import sentences
from ifeval_fi.text import words

# "PS Husk nøglen", "PS – husk nøglen", "**PS** Husk" but not "PS 5", "PS'et" or "ps husk"
_BARE = r"(?=[*_]*[ \t]*(?:\n|[–—]|-[ \t]|[ \t][*_]*[^\W\d]))"
_PS, _PPS = rf"(?-i:PS){_BARE}", rf"(?-i:PPS){_BARE}"

NUMERALS = {
    number: tuple(names.split())
    for number, names in enumerate(
        (
            "nul ingen intet",
            "en et én ét første enkelt",
            "to anden andet begge par dobbelt",
            "tre tredje",
            "fire fjerde",
            "fem femte",
            "seks sjette",
            "syv syvende",
            "otte ottende",
            "ni niende",
            "ti tiende",
            "elleve ellevte",
            "tolv tolvte",
            "tretten trettende",
            "fjorten fjortende",
            "femten femtende",
            "seksten sekstende",
            "sytten syttende",
            "atten attende",
            "nitten nittende",
            "tyve tyvende",
        )
    )
} | {
    25: ("femogtyve",),
    30: ("tredive",),
    40: ("fyrre",),
    50: ("halvtreds",),
    60: ("tres",),
    70: ("halvfjerds",),
    80: ("firs",),
    90: ("halvfems",),
    100: ("hundrede", "hundred"),
    200: ("tohundrede", "to hundrede"),
    300: ("trehundrede", "tre hundrede"),
    400: ("firehundrede", "fire hundrede"),
    500: ("femhundrede", "fem hundrede"),
    600: ("sekshundrede", "seks hundrede"),
    1000: ("tusind", "tusinde"),
}
FILLER = (
    "Katten sover på sofaen.",
    "Om vinteren er det mørkt og koldt.",
    "Jeg laver te i morgen.",
    "Far læser avisen ude i stuen.",
    "De leger i haven hele dagen.",
    "Hun gik hjem i går.",
    "I dag regner det igen.",
    "Vi går ned til søen sammen.",
    "Det er ret nemt.",
    "Han spiser en is på molen.",
    "Natten er stille.",
    "Naboens hund gør hver aften.",
    "Vejen går mod nord.",
    "Du kan altid ringe til mig.",
    "Solen stod lavt over taget.",
)


def dictionary_forms(form: str) -> tuple[str, ...]:
    """The dictionary words the form can belong to; the form itself when it is a phrase or no listed word's."""
    folded = form.lower()
    if folded in listed():
        return (form,)
    return tuple(dict.fromkeys(lexeme.word for lexeme in by_form().get(folded, ()))) or (form,)


LANGUAGE = Language(
    code="da",
    name="Danish",
    own_name="dansk",
    own_rules="danish",
    default_rules="danish",
    words=words,
    sentences=sentences,
    occurrences=occurrences,
    answers=("Mit svar er ja.", "Mit svar er nej.", "Mit svar er måske."),
    postscripts={"P.S.": f"{POSTSCRIPTS['P.S.']}|{_PS}", "P.P.S": f"{POSTSCRIPTS['P.P.S']}|{_PPS}"},
    quotation_marks=(*QUOTATION_MARKS, ("»", "«")),
    nests_quotations=True,
    numerals=NUMERALS,
    more_than=("mere end", "flere end", "over", "oftere end"),
    at_most=(
        "højst",
        "maksimalt",
        "op til",
        "eller færre",
        "eller mindre",
        "derunder",
        "mere end",
        "flere end",
        "længere end",
        "kun",
    ),
    filler=FILLER,
    typography=(
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", "a number with comma groups", "write 10.000"),
        (r"(?<![\d.])\d+\.\d{1,2}(?= (?:kroner|procent|meter|kilometer|kilo|kg|km|%))", "a decimal point", "write 2,5"),
    ),
    dictionary_forms=dictionary_forms,
)
