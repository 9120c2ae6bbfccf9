"""Estonian."""

from __future__ import annotations

from ifeval_fi.languages import QUOTATION_MARKS, Language
from ifeval_fi.languages.et.marks import MARKS
from ifeval_fi.languages.et.occurrences import dictionary_forms, occurrences
from ifeval_fi.languages.sentences import split_sentences
from ifeval_fi.text import words

# "PS!", "Ps:", "P. S." and bare "PS" with a sentence after it, but not "PS § 12" (põhiseadus), "PS5", "PSi" or "PS-is".
_NO_CONSTITUTION = (
    r"(?!\s*(?:§|-?\s*(?:paragrahv|järgi|kohaselt|alusel|preambul)|\d+\s*(?:§|lg|\.\s*peatük)|(?:sätestab|kehtestab|kaitseb|"
    r"ütleb|tagab|keelab|lubab|annab|näeb|võeti|jõustus|määrab|kohustab|nõuab|muutmi)))"
)
# What may follow a bare "PS": a word, a dash and a word, or the next line.
_GOES_ON = r"(?=[ \t*_]+[^\W\d]|[ \t]*[–—-][ \t]|[ \t]*\n)"
POSTSCRIPTS = {
    "P.S.": rf"(?:p\.[ ]?s(?:[.:!]+|(?=[\s*_]))|ps(?:[.:!]+|{_GOES_ON})){_NO_CONSTITUTION}",
    "P.P.S": rf"(?:p\.[ ]?p\.?[ ]?s(?:[.:!]+|(?=[\s*_]))|pps(?:[.:!]+|{_GOES_ON})){_NO_CONSTITUTION}",
}
_ONES = "üks kaks kolm neli viis kuus seitse kaheksa üheksa".split()
_GENITIVES = "ühe kahe kolme nelja viie kuue seitsme kaheksa üheksa kümne".split()
_ORDINALS = "esimene teine kolmas neljas viies kuues seitsmes kaheksas üheksas kümnes".split()
_MEASURED = ("lauseline", "lõiguline", "osaline", "sõnaline", "realine", "kordne", "punktiline")
# "kolm", "kolmas", "kolmelauseline": a prompt says a number in each of these ways.
NUMERALS = {
    0: ("null", "ühtegi", "ühtki"),
    **{
        number: (numeral, ordinal, *(genitive + measured for measured in _MEASURED))
        for number, (numeral, ordinal, genitive) in enumerate(
            zip((*_ONES, "kümme"), _ORDINALS, _GENITIVES, strict=True), 1
        )
    },
    **{10 + number: (f"{unit}teist",) for number, unit in enumerate(_ONES, 1)},
    20: ("kakskümmend",),
    **{10 * number: (f"{_ONES[number - 1]}kümmend",) for number in range(3, 10)},
    100: ("sada",),
    **{100 * number: (f"{_ONES[number - 1]}sada",) for number in range(2, 10)},
    1000: ("tuhat",),
}
NUMERALS[2] += ("mõlemad", "paar")
FILLER = (
    "Kass magab diivanil.",
    "Talvel on pime ja lund sajab palju.",
    "Isa luges köögis ajalehte.",
    "Lapsed mängisid terve päeva aias.",
    "Ema keetis meile hommikul putru.",
    "Eile tuli meile külla vana sõber.",
    "Ta läks varakult koju.",
    "Mulle meeldib suvi kõige rohkem.",
    "Me kõnnime koos metsas.",
    "Täna on ilus ilm.",
    "Naabri koer haugub igal hommikul.",
    "Ma ostsin turult maasikaid.",
    "Tee viib läbi küla mere äärde.",
    "See on minu meelest lihtne.",
)

LANGUAGE = Language(
    code="et",
    name="Estonian",
    own_name="eesti",
    own_rules="estonian",
    default_rules="estonian",
    words=words,
    sentences=lambda text: split_sentences(text, MARKS),
    occurrences=occurrences,
    answers=("Minu vastus on jah.", "Minu vastus on ei.", "Minu vastus on võib-olla."),
    postscripts=POSTSCRIPTS,
    quotation_marks=(*QUOTATION_MARKS, ("»", "«")),
    numerals=NUMERALS,
    more_than=("üle", "rohkem kui", "enam kui"),
    at_most=(
        "kuni",
        "kõige rohkem",
        "kõige enam",
        "maksimaalselt",
        "ülimalt",
        "või vähem",
        "ainult",
        "täpselt",
        "rohkem kui",
        "üle",
        "või lühem",
        "alla",
    ),
    filler=FILLER,
    typography=(
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", "a number with comma groups", "write 10 000"),
        (r"(?<![\d.])\d+\.\d+(?= (?:eurot|protsenti|meetrit|kilomeetrit|%))", "a decimal point", "write 2,5"),
        ("[“”][^“”„\n]{1,80}”", "English quotation marks", "write „…“"),
    ),
    dictionary_forms=dictionary_forms,
)
