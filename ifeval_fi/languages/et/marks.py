"""What ends an Estonian sentence: abbreviations, ordinals before capitals, initials, speech verbs."""

from __future__ import annotations

import re

from ifeval_fi.languages.et.lexicon import words_of
from ifeval_fi.languages.sentences import SentenceMarks

_INNER = """
    nt näit nn n-ö s.t st s.o so s.a s.h sh k.a t.a v.a vt vrd lk nr kl u ca hr pr prl dr prof dots ins tel
    mnt pst tlk toim koost kd köide p.s p.p.s ps pps mag õp insp kpt kol kin ltn mjr akad asut dir esim j.a
    is khk van st.sh u.b mr mrs ms alev mk telef trt all vs resp lad ingl sks vn prn krahv konv adm arh ing
    jur med fil kand knd skr n s s.s
"""
_CLOSING = "jne jms jm jt jpt vms vm jj ekr pkr m.a saj mld mln tuh tk snd tn min sek kg km cm mm ml dl t.a"
_UNITS = "a g h l m t s p"
_SPEECH = """
    hüüdis küsis vastas ütles lausus sosistas karjus karjatas hüüatas ohkas pomises naeris nuttis lisas
    jätkas selgitas käskis palus teatas märkis tähendas arvas mõtles imestas kinnitas lubas hoiatas nõudis
    kordas rääkis seletas porises küsib ütleb vastab hüüab sosistab karjub lausub arvab mõtleb palub kisas
    hõikas hõiskas möirgas urises pahandas pärisid küsisid hüüdsid vastasid ütlesid karjusid küsisin ütlesin
    vastasin hüüdsin lausuti hüüti küsiti öeldi kostis sõnas kilkas turtsus nähvas torkas päris uuris
    tunnistas kiitis noomis õpetas kutsus tervitas muigas nentis mõtiskles kommenteeris rõõmustas kurtis
    kaebas soovitas pakkus nõustus käratas röökis
"""
_OPENERS = """
    see selle seda sellest selles sellel sellele seal sealt sinna siin siit siia siis sest ta tema ma mina
    sa sina me meie te teie nad nemad neid nende need tal talle tema teda mul mulle sul sulle meil meile
    teil neil neile kes mis mida mille kelle kus kust kuhu kas kui kuidas miks millal mitu milline ja aga
    kuid ning ent või ehk et kuigi ometi siiski samuti lisaks hiljem enne pärast peale nüüd praegu täna
    homme eile varsti peagi seejärel lõpuks alguses esmalt kõigepealt igaüks kõik keegi miski mõni paljud
    üks teine iga ära palun kindlasti võib-olla ehk muidugi loomulikult tänu selliselt nii niisiis seega
    seetõttu sellepärast küll ainult vaid isegi juba veel alles just jah ei pole on oli kohe kord vahel
    sageli tihti alati kunagi tere aitäh tänan võta tule mine pane tee anna vaata loe kirjuta helista ootame
    ootan kohtume kohtumiseni näeme hoia saada lisa sega ma kell kuna seepeale muide ent eriti näiteks samal
    sellal toona tollal üldse
"""
_AFTER_ORDINAL = """
    jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember aasta sajand
    koht koha klass korrus peatük lõik osa päev nädal maailmasõ
"""
# Words after which a number counts or names and is no ordinal: "kell 8. Võta", "aastal 1987. Isa".
_CARDINAL = frozenset(
    """kell kella kl aastal aasta aastast aastaks aastani aastatel nr number lk lehekülg leheküljel umbes ligi kuni
    üle alla vähemalt kokku ainult vaid kõigest on oli pluss miinus korda võrdub tulemus vastus hinne
    hindega skoor seisuga tuba toas pöidlaga hind temperatuur vanus bussiga buss tramm trammiga rong liin
    liiniga olen olin tuli tuleb sai saab jäi maksis maksab punkti veerand pool täpselt peaaegu rohkem vähem
    kui ja või kord""".split()
)


def _full_stop(previous: str, token: str, following: str) -> bool | None:
    """Whether the stop after an ordinal or a doubtful abbreviation ends a sentence; None leaves it open."""
    word, before = _bare(following), _bare(previous)
    if re.fullmatch(r"\W*[a-z]", token) and following[:1].isdigit():  # s. 1960, a. 1918
        return False
    if re.fullmatch(r"\W*\d{1,3}", token):
        if word.startswith(tuple(_AFTER_ORDINAL.split())) or before in _CARDINAL or word in _OPENING:
            return None
        if following[:1] in '„«"“' or not following[:1].isupper():
            return None
        return False if _is_name(word) else None
    if re.fullmatch(r"\W*[ah]", token) and re.search(r"\d\.?$", previous):  # 1878. a. Järvamaal, 2004. a. Hiljem
        return word in _OPENING or not _is_name(word)
    if _bare(token) == "saj":  # 17. saj. Rootsi kuningas
        return word in _OPENING or not _is_name(word)
    if _bare(token) in ("t.a", "s.a", "k.a"):
        return word in _OPENING
    return None


def _is_name(word: str) -> bool:
    """Whether a word with a capital is a name, as far as the list of usual words can say."""
    known = words_of(word)
    return not known or any(each.kind == "name" for each in known)


def _bare(word: str) -> str:
    return word.strip("\"”“„»«'’'()[]*_`.,:;!?…").lower()


_OPENING = frozenset(_OPENERS.split())

MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()) - frozenset(_INNER.split()),
    units=frozenset(_UNITS.split()),
    after_ordinal=tuple(_AFTER_ORDINAL.split()),
    openers=_OPENING,
    speech=frozenset(_SPEECH.split()),
    lettered=("vitamiin", "rühm", "klass", "variant", "punkt", "tüüp", "hepatiit"),
    full_stop=_full_stop,
)
