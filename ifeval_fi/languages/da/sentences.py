"""Sentences of Danish text: its abbreviations, ordinals and reporting clauses."""

from __future__ import annotations

from ifeval_fi.languages.sentences import SentenceMarks, split_sentences

_INNER = """
    bl.a bl f.eks f eks fx feks ca iflg jf jfr kl nr no hhv hv pga p.g.a mht m.h.t vha v.h.a
    ift i.f.t iht i.h.t vedr ang angår omkr s kap afs fig hr fr frk fru mr mrs ms
    dr prof lic stud adj overs kst kapt skt sct st gl ndr sdr ndre kgl kgs dir red hrsg vol bd sml
    ty gr d dvs d.v.s bla formentl sandsynl alm cf vs i.e e.g grdl
    int ps pps p.s p.p.s n.n n v q pst indb n.b nb spec særl øv adv cand civ.ing m.a
    div d.d ass sp afg ank overf
"""
_CLOSING = """
    osv m.m mm m.v mv m.fl mfl o.l ol o.lign olign o.a o.m.a u.a e.l el.lign etc bl.a.m ff e.kr f.kr f.v.t e.v.t
    fkr ekr aht a.h.t kr pct mio mia tus mill sek sek. timer th tv kld mf st.th st.tv stuen jan feb mar apr jun
    jul aug sep sept okt nov dec man tir tirs ons tor tors fre lør lørd søn mand onsd torsd fred a.s aps co ltd
    stk pkt tlf rubr spm par art tab bilag maks min max
    inc jr sr m.m.m p.a pr.md dgl årl mdl md mdr ugtl d.å s.d m.h spsk tsk dl cl ml kg km cm ha u.n u.b
"""
# Before a name, or with more to come ("inkl. Danmark"), none of these ends a sentence.
_TITLES = """
    afd udg ref rek univ kbh inkl ekskl eksl evt gns opr p.t pt p.b.a
    årh ph.d phd cand.mag cand.polyt cand.jur cand.merc cand.med cand.scient cand.psych cand.theol mag.art dr.phil
    dr.med lic.phil stud.med stud.jur stud.mag stud.polyt bach mag fhv
"""
_UNITS = "g h l m t a v w s p pk min stk sek mm pkt"
_MONTHS = "januar februar marts april maj juni juli august september oktober november december"
_AFTER_ORDINAL = """
    verdenskrig division symfoni mosebog juledag påskedag pinsedag klasse sal etage kapitel søndag række plads
    generation century december-revolution republik internationale byrådsmøde distrikt
"""
_OPENERS = """
    jeg du han hun vi i de den det der dette denne disse man mange nogle nogen ingen alle alt hver hvert begge
    både her dér nu så da når hvis fordi selvom selv om men og eller for derfor derefter derpå dernæst bagefter
    siden senere herefter hermed derimod desuden dog imidlertid alligevel ellers endelig først fremover imens
    indtil inden mens mellem med ved på til fra efter før under over uden blandt hos af som ifølge trods mit min
    mine din dit dine sin sit sine vores jeres deres hans hendes dens dets vor hvad hvem hvor hvordan hvorfor
    hvornår hvilken hvilket hvilke en et to tre ja nej jo måske kun også ikke aldrig altid ofte normalt samtidig
    heldigvis desværre pludselig snart ligesom dermed således sådan derved husk tak hej velkommen god er var har
    havde kan skal vil må bliver blev kom gå tag brug lad sæt bag kog rør hæld pisk skær læg
"""
_SPEECH = """
    sagde siger spurgte spørger råbte råber svarede svarer hviskede hvisker udbrød udbryder mumlede mumler skreg
    skriger tænkte tænker lo ler fortsatte fortsætter tilføjede tilføjer forklarede forklarer indrømmede indskød
    gentog gentager bad beder kaldte kalder bemærkede bemærker mente mener fortalte fortæller brummede brummer
    sukkede sukker grinede griner stammede jublede brølede lød lyder skrev skriver konstaterede konstaterer
    erklærede erklærer oplyste oplyser understregede advarede lovede vrissede snerrede hulkede fniste kom
    befalede indvendte protesterede foreslog ville
"""
_LETTERED = """
    vitamin type plan gruppe hepatitis klasse bilag opgang blok punkt mulighed løsning afdeling spor hold linje
    københavn frederiksberg odense aarhus århus aalborg ålborg esbjerg viborg valgmulighed svarmulighed hal
    lokale model
"""
_RIDERS = "jeg du han hun vi i de man der som pigen drengen manden kvinden prinsen kongen hurtigt".split()


def _full_stop(previous: str, token: str, following: str) -> bool | None:
    """True after what is an abbreviation elsewhere: "vitamin D. Det", "hun red. Bagefter"."""
    word, before = token.strip("*_(»”\"'"), previous.lower()
    if word == "red" and before in _RIDERS:
        return True
    if len(word) == 1 and word.isupper() and before.startswith(MARKS.lettered):
        return not following[0].isdigit()
    return None


MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(_CLOSING.split()),
    units=frozenset(_UNITS.split()),
    after_ordinal=(*_MONTHS.split(), *_AFTER_ORDINAL.split()),
    openers=frozenset(_OPENERS.split()),
    lettered=tuple(_LETTERED.split()),
    speech=frozenset(_SPEECH.split()),
    titles=frozenset(_TITLES.split()),
    inverted=True,
    cardinals=frozenset("kl nr kap side klokken uge nummer".split()),
    full_stop=_full_stop,
)


def sentences(text: str) -> list[str]:
    """The sentences of the text, in order."""
    return split_sentences(text, MARKS)
