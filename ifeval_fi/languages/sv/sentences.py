"""Sentences of a Swedish text: the shared splitter with Swedish abbreviations, and numbers that are never ordinals."""

from __future__ import annotations

import re

from ifeval_fi.languages.sentences import SentenceMarks, split_sentences

_INNER = """
    t.ex ex bl.a dvs d.v.s s.k p.g.a pga f.d fr.o.m t.o.m kl nr ca c:a cirka jfr s sid p resp tel ev inkl exkl ung univ
    prof doc fil dr med hr m.a.o f.ö i.o.m a.k.a enl fig tab kap avd ang bil forts föreg förf fr ibl inst kungl lic mag
    motsv ndr näml obs omkr red rev s:t s:ta särsk tf uppl urspr utg vol v.d äv övers civ.ing ing jur tekn kand kapt
    lt löjtn ordf sekr f h avl gen mr mrs ms st.f tills vs fv frk fam hälsn
"""
_CLOSING = """
    m.m mm m.fl mfl osv o.s.v o.d od o.dyl e.d e.dyl etc f.kr fkr e.kr ekr kr tkr mkr st tr jr sr milj mdr mnkr ff f.n
    t.v t.h n.b max aug jan feb febr mars apr sept sep okt nov dec mån tis tors tor ons fre lör sön co ltd inc
    cm mm² m² m³ km kg hg dl cl ml msk tsk krm o.a bl vardagl
"""
_UNITS = "a g h l m mm min sek tim v år t p"
_OPENERS = """
    den det de han hon hen vi ni jag du man en ett här där då nu sedan sen så men och eller om när efter innan före i på
    för att eftersom medan dock däremot dessutom därför alltså det dessa denna detta alla allt några någon många flera
    både varje min mitt mina din ditt hans hennes deras vår vårt våra som hur vad vem var varför vilken vilket inte bara
    även också ändå kanske först till från med utan under över sist senare ibland ofta alltid ja nej tack hej dem under
    mellan genom enligt trots redan fram tre två fyra fem inga ingen inget
"""
_LETTERED = (
    "vitamin alternativ grupp klass plan punkt bilaga spår linje hus uppgång hepatit typ bokstav moment del svar sal "
    "port lägenhet betyg serie nivå kategori division entré trapphus kolumn block storlek modell zon gate korridor "
    "tabell figur läge kurs steg version variant paviljong ingång terminal hall byggnad rum fråga faktor tonart person"
)
_SPEECH = """
    sa sade säger ropade ropar frågade frågar svarade svarar viskade viskar skrek skriker undrade undrar utbrast
    utbrister mumlade mumlar muttrade muttrar tänkte tänker fortsatte fortsätter tillade tillägger förklarade
    förklarar suckade suckar skrattade skrattar log ler väste väser fnissade fnissar konstaterade konstaterar
    menade menar tyckte bad ber befallde kommenderade varnade löd lyder hälsade hälsar jublade stönade snyftade
    grät vrålade nickade
"""


def _full_stop(previous: str, token: str, following: str) -> bool | None:
    """A capital letter is no abbreviation: "f. 1890", but "från A till F. Den …", "Storgatan 5 B. Vi …"."""
    letter = token.lstrip('"”»(*_')
    if len(letter) == 1 and letter.isupper() and (letter.lower() in MARKS.inner or previous.isdigit()):
        return (
            previous.isdigit()
            or previous.lower().startswith(MARKS.lettered)
            or following.strip('"”»,').lower() in MARKS.openers
        )
    return None


MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()),
    units=frozenset(_UNITS.split()),
    after_ordinal=(),
    openers=frozenset(_OPENERS.split()),
    lettered=tuple(_LETTERED.split()),
    speech=frozenset(_SPEECH.split()),
    ordinals=False,
    full_stop=_full_stop,
)

# "t. ex.", "f. Kr.", "p. g. a.": written with spaces, one abbreviation all the same.
_SPACED = re.compile(
    r"\b(?:t\. ex|bl\. a|s\. k|f\. d|m\. m|m\. fl|o\. d|o\. s\. v|d\. v\. s|p\. g\. a|fr\. o\. m|t\. o\. m"
    r"|[fe]\. Kr|m\. a\. o|f\. n|i\. o\. m)\.",
    re.IGNORECASE,
)
# "… gratis inkl. Den gäller": a new sentence, though the same abbreviation goes on before a name ("inkl. Öland").
_CLOSED = re.compile(
    r"\b(univ|inkl|exkl|ung|f\.d|resp|ev|forts|tel)\. +(?=(?:Den|Det|De|Han|Hon|Vi|Jag|Där|Här|Sedan|Men|Nu|Då|I|På)\b)"
)
# "från A till F. Mamma …", "vitamin A och D. Fisk …": letters that are named, no initials.
_NAMED_LETTERS = re.compile(r"\b([A-ZÅÄÖ],? (?:och|eller|till) [A-ZÅÄÖ])\. +(?=[A-ZÅÄÖ][^\W\d_])")
# "mån.–fre. 9–17", "sept. 2019", "St. Paul": points that end nothing whatever follows.
_POINTLESS = re.compile(
    r"\b(mån|tis|ons|tors?|fre|lör|sön|jan|febr?|apr|aug|sept?|okt|nov|dec)\.(?=[–-]|\s+\d)|\b(St)\.(?= [A-ZÅÄÖ])"
)
# "… (vilken tur!) Anna …": marks inside brackets within a sentence end nothing.
_IN_BRACKETS = re.compile(r"(?<=[^\W_] )\(([^()\n]{1,200})\)|(?<=, )\(([^()\n]{1,200})\)")
_MARK = re.compile(r"[.!?…]+(?=\s|$|[\"”’»«])")
# "Gör så här: 1. Skala. 2. Koka.": a number that opens a step is no sentence of its own.
_STEPS = re.compile(r"(?:^|[:.!?]\s+)1\.\s+\w", re.MULTILINE)
_STEP = re.compile(r"(?<![Kk]l\.)(?<![Nn]r\.)(?<=[.!?:])([ \u00a0]+\d{1,2})\.(?=\s+[^\W\d])")


def sentences(text: str) -> list[str]:
    """The sentences of the text, in order."""
    text = _SPACED.sub(lambda found: found[0].replace(" ", ""), text)
    text = _POINTLESS.sub(lambda found: found[1] or found[2], text)
    text = _CLOSED.sub(r"\1.\n", text)
    text = _NAMED_LETTERS.sub(r"\1.\n", text)
    text = _IN_BRACKETS.sub(lambda found: f"({_MARK.sub('', found[1] or found[2])})", text)
    if _STEPS.search(text):
        text = _STEP.sub(r"\1)", text)
    return split_sentences(text, MARKS)
