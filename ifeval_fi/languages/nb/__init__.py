"""Norwegian Bokmål."""

from __future__ import annotations

import re

from ifeval_fi.languages import QUOTATION_MARKS, Language
from ifeval_fi.languages.nb.lexicon import analyses, lexemes
from ifeval_fi.languages.nb.occurrences import occurrences
from ifeval_fi.languages.sentences import SentenceMarks, split_sentences
from ifeval_fi.text import words as all_words

# What looks like an ordinary word stands in _CLOSING: there a capital letter begins a new sentence, a number or a
# small letter does not.
_INNER = """
    s adm adv afd alb alm ang anm ass avd bj bl bl.a b.l ca cand cf chr d.e d.v.s dir dr dvs edv ekskl evt f.eks f.o.m
    fr frk gl hhv hr i.e iflg ift ifm i.f.m i.h.t inkl jf jfr jmf joh kapt kgl kl kst lt m.a.o m.h.t maks mht
    mlle mme mr mrs ms mvh nr oblt opprinn oppr p.g.a p.p.s p.s pga pkt pr prof red sivilarb
    siviling sml spes st stip sivilark dgr pb pb.nr hovedst stud t.o.m t.d tidl th v vedr vs utg overs
    aml e.g jur oppg statsr ordf fam sekr konst fung viseadm sivøk siv.øk siv.ing fylkesm lekt lensm komm distr insp
    kons akad adj.prof førsteam dep tekn
"""
_CLOSING = """
    osv o.s.v etc m.m mm m.fl mfl m.v mv o.l ol e.l el o.a oa o.fl lign o.lign e.kr f.kr ekr fkr kr mill mrd milj
    bill gt etg stk inc ltd co jr d.å s.å s.d u.å p.m a.m km cm kg dl cl ml mnd vn vgs div resp tlf tel tlf.nr kap
    art fig ill vol gnr bnr gr jan feb febr apr aug sept sep okt nov des tirs ons tors fre lør søn par bd avs pers
    st.meld ot.prp forts pst forf mva avsn tab diagr nto bto ekv kvm mnt innst prop dok arb bem merkn
    nøytr adj subst suppl till vedl anm temp ant gj.sn gjsn avg ank ref saksnr postnr
"""
_MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()
_AFTER_ORDINAL = "mosebok korinterbrev kongebok krønikebok samuelsbok makkabeerbok divisjon".split()
_OPENERS = """
    jeg du han hun vi dere de den det dette disse denne der her da nå så siden senere deretter etterpå dermed derfor
    likevel men og eller for fordi hvis når hvor hva hvem hvordan hvorfor ingen noen alle mange flere man en ei et etter
    før på med til fra av om under over ved mot uten mellom gjennom ifølge kanskje også ikke bare først dessuten
    samtidig derimot mens selv slik både hver hvert min din sin vår hans hennes deres være ja nei takk hei velkommen
    at som plutselig endelig snart nylig ofte aldri alltid
"""
_LETTERED = "vitamin punkt del gruppe klasse avdeling alternativ bokstav vedlegg oppgang blokk plan hepatitt type vekt"
_SPEECH = """
    sa sier spurte spør svarte svarer ropte roper hvisket hvisker mumlet mumler utbrøt utbryter skrek skriker tenkte
    tenker undret fortsatte la forklarte innvendte lo ler gråt stønnet sukket sukker hvinte brølte brøler kommenterte
    tilføyde bad ba minnet advarte protesterte insisterte erklærte
"""
_SALUTATIONS = "hei kjære hallo heisann god beste hilsen vennlig mvh med klem kjærlig hjertelig varm ærede ærbødigst"

_ABBREVIATIONS = frozenset(_INNER.split())


def _full_stop(previous: str, token: str, following: str) -> bool | None:
    """Abbreviations joined by a stop end nothing where the last of them does not: "avd.dir. Lie"."""
    first, _, last = token.rstrip(".").lower().rpartition(".")
    return False if first and len(last) > 1 and last in _ABBREVIATIONS else None


MARKS = SentenceMarks(
    inner=_ABBREVIATIONS,
    full_stop=_full_stop,
    closing=frozenset(_CLOSING.split()),
    units=frozenset("g h l m min s sek t".split()),
    after_ordinal=(*_MONTHS, *_AFTER_ORDINAL),
    openers=frozenset(_OPENERS.split()),
    lettered=tuple(_LETTERED.split()),
    speech=frozenset(_SPEECH.split()),
    salutations=frozenset(_SALUTATIONS.split()),
    tags_in_small_letters=True,
)

# "dr. med.", "cand. jur.", "Prof. dr. philos.": the second word is none of a sentence's last.
_DEGREE = re.compile(
    r"\b((?:dr|prof|cand|stud|mag|lic)\.) ?(med|jur|philos|philol|theol|polit|oecon|real|scient|psych|agric|techn|art"
    r"|odont|mag|vet|em)\.(?! (?:Han|Hun|De|Det|Den|I|På|Nå|Da)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^([ \t]*)(?:\d{1,3}[.)]|[a-zæøå]\))(?=[ \t])", re.MULTILINE)
# Abbreviations written with a space: "f. eks.", "300 e. Kr.", "bl. a."
_SPACED = re.compile(r"\b(f\. eks|[ef]\. ?Kr|bl\. a|o\. [la]|e\. l|m\. (?:m|v|fl)|p\. g\. a|[tf]\. o\. m|o\. s\. v)\.")
# "Storgt. 12", "min. 18 år", "(f. 1950, d. 2012)"
_BEFORE_NUMBER = re.compile(r"(\wgt|\wvn|\bmin|(?<=[(, ])[fd])\.(?= \d)")


def sentences(text: str) -> list[str]:
    """The sentences of the text, in order; the full stops of some abbreviations are left out of them."""
    text = _BEFORE_NUMBER.sub(r"\1", text)
    text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    while (plain := _DEGREE.sub(r"\1 \2", text)) != text:
        text = plain
    return split_sentences(text, MARKS)


def words(text: str) -> list[str]:
    """What a word processor counts; the numbers and letters of a list's items, two or more, are no words."""
    if len(_NUMBERED.findall(text)) > 1:
        text = _NUMBERED.sub(r"\1", text)
    return all_words(text)


def dictionary_forms(form: str) -> tuple[str, ...]:
    """The dictionary words the form can belong to; the form itself when it is a phrase or no listed word's."""
    found = dict.fromkeys(each.begins + each.word for each in (*lexemes(form.lower()), *analyses(form.lower())))
    return tuple(found) or (form,)


_NUMERALS = (
    "null ingen",
    "en ett én første en_gang",
    "to andre begge par",
    "tre tredje",
    "fire fjerde",
    "fem femte",
    "seks sjette",
    "sju sjuende",
    "åtte åttende",
    "ni niende",
    "ti tiende",
    "elleve ellevte",
    "tolv tolvte",
    "tretten fjorten femten seksten sytten atten nitten tjue".replace(" ", "|"),
)
NUMERALS = {
    number: tuple(name.replace("_", " ") for name in names.split())
    for number, names in enumerate((*_NUMERALS[:-1], *_NUMERALS[-1].split("|")))
} | {
    30: ("tretti",),
    40: ("førti",),
    50: ("femti",),
    60: ("seksti",),
    70: ("sytti",),
    80: ("åtti",),
    90: ("nitti",),
    100: ("hundre",),
    200: ("to hundre",),
    300: ("tre hundre",),
    400: ("fire hundre",),
    500: ("fem hundre",),
    1000: ("tusen",),
}
FILLER = (
    "Katten sover på sofaen.",
    "Om vinteren er det kaldt og mørkt.",
    "I morgen steker jeg vafler.",
    "Far leser avisen på kjøkkenet.",
    "Barna leker i hagen hele dagen.",
    "Hun dro hjem i går kveld.",
    "Det regner igjen i dag.",
    "Vi liker sommeren best.",
    "De går sammen inn i skogen.",
    "Dette er helt enkelt.",
    "Hunden til naboen bjeffer hver morgen.",
    "Natten er stille.",
    "Stien går langs elven.",
    "Snart er middagen klar.",
)
POSTSCRIPTS = {
    # "P. S.", "p.s:", "P.S.: ", "PS!", "PS: ", bare "PS Husk", but not "PS-et", "PS5" or "PST"
    "P.S.": r"p\.[ ]?s(?:[.:!]+|(?=[\s*_]))|ps(?:[.:!]+|(?=[\s*_]+[^\W\d]|[*_]*[ \t]*[–—-][ \t]))",
    "P.P.S": r"p\.[ ]?p\.[ ]?s(?:[.:!]+|(?=[\s*_]))|p\.?ps(?:[.:!]+|(?=[\s*_]+[^\W\d]|[*_]*[ \t]*[–—-][ \t]))",
}

LANGUAGE = Language(
    code="nb",
    name="Norwegian Bokmål",
    own_name="norsk bokmål",
    own_rules="norwegian",
    default_rules="norwegian",
    words=words,
    sentences=sentences,
    occurrences=occurrences,
    answers=("Svaret mitt er ja.", "Svaret mitt er nei.", "Svaret mitt er kanskje."),
    postscripts=POSTSCRIPTS,
    quotation_marks=(*QUOTATION_MARKS, ("»", "«")),
    inner_quotations_close=True,
    numerals=NUMERALS,
    more_than=("mer enn", "flere enn", "over", "oftere enn"),
    at_most=(
        "høyst",
        "maksimalt",
        "maks",
        "opptil",
        "ikke mer enn",
        "ikke flere enn",
        "eller færre",
        "eller mindre",
        "bare",
        "kun",
        "nøyaktig",
        "akkurat",
        "unngå å bruke",
    ),
    filler=FILLER,
    typography=(
        (r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", "a number with comma groups", "write 10 000"),
        (
            r"(?<![\d.])\d+\.\d+(?= (?:kroner|prosent|meter|kilometer|kilo|%))",
            "a decimal point",
            "write 2,5",
        ),
    ),
    dictionary_forms=dictionary_forms,
)
