"""Danish words of the closed classes, and a few others, by what they show of the words beside them."""

from __future__ import annotations

SINGULAR = frozenset(
    """
    en et min mit din dit sin sit vor vort ingen intet nogen noget hver hvert enhver ethvert hvilken hvilket
    anden andet sådant denne dette
""".split()
)
PLURAL = frozenset(
    """
    mine dine sine vore nogle mange flere få færre alle disse hvilke sådanne andre begge to tre fire fem seks
    syv otte ni ti elleve tolv tyve hundrede tusind adskillige forskellige hinandens
""".split()
)
OWNER = frozenset("hans hendes dets dens deres vores jeres ens hvis".split())
ARTICLE = frozenset("den det de".split())
BEFORE_DEFINITE = frozenset("hele halve al alle begge selve hele".split())
PREPOSITIONS = frozenset(
    """
    af på i til fra med ved om for over under mod mellem efter før uden gennem blandt hos bag foran langs
    omkring trods ad per via ifølge inden samt imod hinsides
""".split()
)
SUBJECTS = frozenset("jeg du han hun vi man der som hvem".split())
MODALS = frozenset(
    """
    kan kunne skal skulle vil ville må måtte bør burde tør turde gider gad lad lader lod lade ku sku
""".split()
)
AUXILIARIES = frozenset("har havde have haft er var være været bliver blev blive blevet får fik få fået".split())
COPULAS = frozenset(
    """
    er var være været bliver blev blive blevet virker virkede føles ser så synes gør gjorde
""".split()
)
LINKING = frozenset("er var bliver blev blive været".split())
DEGREES = frozenset(
    """
    meget for så mere mest ret ganske alt temmelig lidt lige hvor mindre mindst særlig ekstremt
""".split()
)
PASSED = frozenset(
    """
    ikke også altid aldrig ofte så nu jo da godt gerne bare kun lige sjældent måske nok vist vel dog straks igen
    her endda først snart pludselig helt næsten derfor stadig alligevel selv lidt engang alle sammen selv
""".split()
)
# Pronouns that are as often a subject as they stand before a noun.
BOTH = frozenset("alle ingen mange flere begge nogle andre nogen få enhver".split())
PARTICLES = frozenset("op ned ud ind hjem hen frem tilbage af fat med til på om".split())
# What the present of vide goes before, unlike the preposition ved.
KNOWN = frozenset(
    """
    godt ikke at hvad hvor hvordan hvem hvornår hvorfor hvilken det alt ingenting noget intet mere bedst endnu
    altid jo nok om udmærket også heller kun selv præcis allerede for meget lidt bare inderst
""".split()
)
KNOWERS = frozenset((word,) for word in ("jeg", "du", "han", "hun", "vi", "man"))
# Adjectives that stand for people (børn og voksne løber).
PEOPLE = frozenset(
    """
    voksne unge ældre syge ansatte studerende rejsende fattige rige besøgende pårørende danske
""".split()
)
OBJECTS = frozenset("ingenting noget alt intet mig dig sig ham hende os jer dem den det en et".split())
DEGREES_ONLY = frozenset(["ret"])
ADJECTIVE_ENDINGS = ("ige", "ske", "ede", "ig", "igt", "isk", "løs", "løse", "løst", "bar", "bare", "bart", "somme")
