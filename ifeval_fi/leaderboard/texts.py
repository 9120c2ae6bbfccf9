# ruff: noqa: E501
"""What the site says, in Finnish, Swedish and English."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")
LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}

_TEXTS: dict[str, tuple[str, str, str]] = {
    "site": ("IFEval-fi", "IFEval-fi", "IFEval-fi"),
    "skip": ("Siirry sisältöön", "Hoppa till innehållet", "Skip to the content"),
    "languages": ("Sivuston kieli", "Webbplatsens språk", "Language of the site"),
    "pages": ("Sivut", "Sidor", "Pages"),
    "title": (
        "Tekeekö kielimalli sen, mitä suomeksi pyydetään?",
        "Gör språkmodellen det den ombeds göra på finska?",
        "Does the model do what it is told, in Finnish?",
    ),
    "lede": (
        "{runs} ajoa, {models} mallia. Jokainen vastasi samoihin {prompts} kehotteeseen, joissa on {instructions} ohjelmallisesti "
        "tarkistettavaa ohjetta. Kaikki luvut on laskettu täällä vastauksista; ilmoitettuja tuloksia ei hyväksytä.",
        "{runs} körningar, {models} modeller. Alla har svarat på samma {prompts} prompter med {instructions} instruktioner som ett "
        "program kan kontrollera. Alla siffror är uträknade här ur svaren; uppgivna resultat godtas inte.",
        "{runs} runs, {models} models. Each answered the same {prompts} prompts with {instructions} instructions that a program can "
        "check. Every number was computed here from the answers; none is taken on trust.",
    ),
    "board": ("Tulostaulukko", "Resultattavla", "Leaderboard"),
    "choose": ("Mallin valinta", "Välj modell", "Model choice"),
    "feed": ("Muutossyöte", "Flöde med ändringar", "Feed of changes"),
    "download": ("Lataa", "Ladda ner", "Download"),
    "rank": ("Sija", "Plats", "Rank"),
    "model": ("Malli", "Modell", "Model"),
    "inst": ("Ohjeista noudatettu %", "Instruktioner följda %", "Instructions followed %"),
    "prompt": ("Kehotteista kokonaan %", "Hela prompter %", "Prompts in full %"),
    "inside": ("Noudatettu suomeksi %", "Följda på finska %", "Followed in Finnish %"),
    "answers_in": ("Vastaa suomeksi %", "Svarar på finska %", "Answers in Finnish %"),
    "english": ("Englanniksi %", "På engelska %", "In English %"),
    "size": ("Koko, mrd.", "Storlek, md", "Size, B"),
    "license": ("Lisenssi", "Licens", "Licence"),
    "open": ("Avointa", "Öppet", "Open"),
    "weights": ("Avoimet painot", "Öppna vikter", "Open weights"),
    "data": ("Avoin opetusdata", "Öppna träningsdata", "Open training data"),
    "code": ("Avoin opetuskoodi", "Öppen träningskod", "Open training code"),
    "weights_short": ("painot", "vikter", "weights"),
    "data_short": ("data", "data", "data"),
    "eu": ("Tehty EU:ssa", "Gjord i EU", "Made in the EU"),
    "eu_short": ("EU", "EU", "EU"),
    "truncated": ("Katkennut %", "Avkortade %", "Truncated %"),
    "date": ("Ajettu", "Kördes", "Run on"),
    "yes": ("kyllä", "ja", "yes"),
    "no": ("ei", "nej", "no"),
    "unknown": ("ei tiedossa", "okänt", "unknown"),
    "none": ("ei ole", "saknas", "none"),
    "on": ("päällä", "på", "on"),
    "off": ("pois", "av", "off"),
    "rescored": ("laskettu vastauksista", "uträknad ur svaren", "re-scored"),
    "rescored_why": (
        "Pisteet on laskettu täällä raakavastauksista.",
        "Poängen är uträknad här ur råa svar.",
        "The score was computed here from the raw answers.",
    ),
    "reproduced": ("toistettu {share} %", "upprepad {share} %", "reproduced {share} %"),
    "reproduced_why": (
        "Ylläpito kysyi uudelleen {prompts} satunnaista kehotetta {date}; {agreeing} arviota {verdicts}:stä pysyi samana.",
        "Underhållarna ställde {prompts} slumpvis valda prompter på nytt {date}; {agreeing} av {verdicts} bedömningar var desamma.",
        "The maintainers asked {prompts} random prompts again on {date}; {agreeing} of {verdicts} verdicts were the same.",
    ),
    "not_reproduced": ("ei toistunut ({share} %)", "kunde inte upprepas ({share} %)", "not reproduced ({share} %)"),
    "baseline": ("vertailutaso", "jämförelsenivå", "baseline"),
    "baseline_empty": ("Tyhjä vastaus", "Tomt svar", "Empty answer"),
    "baseline_echo": ("Kehote toistettuna", "Prompten upprepad", "The prompt repeated"),
    "baseline_constant": ("Aina sama teksti", "Alltid samma text", "Always the same text"),
    "baseline_note": (
        "Tämän rivin tekee ohjelma, ei malli: se näyttää, millaisen tuloksen saa tekemättä mitään.",
        "Raden görs av ett program, inte av en modell: den visar vilket resultat man får utan att göra något.",
        "A program made this row, not a model: it shows what doing nothing scores.",
    ),
    "filters": ("Rajaa malleja", "Filtrera modeller", "Filter the models"),
    "search": ("Haku", "Sök", "Search"),
    "search_hint": ("malli, tekijä, lisenssi", "modell, utvecklare, licens", "model, developer, licence"),
    "any": ("kaikki", "alla", "any"),
    "most": ("Koko enintään, mrd.", "Storlek högst, md", "Size at most, B"),
    "workstation": ("Mahtuu työasemaan", "Ryms på en arbetsstation", "Fits one workstation"),
    "workstation_why": (
        "Työasemaan mahtuu avoin malli, jossa on enintään 9 miljardia parametria, tai enintään 35 miljardia, kun se on ajettu "
        "4-bittisenä.",
        "På en arbetsstation ryms en öppen modell med högst 9 miljarder parametrar, eller högst 35 miljarder när den har körts "
        "med 4 bitar.",
        "A model with open weights fits one workstation when it has at most 9 billion parameters, or at most 35 billion when it "
        "was run at 4 bits.",
    ),
    "clear": ("Tyhjennä", "Rensa", "Clear"),
    "shown": ("Näkyvissä {n}/{all}", "Visar {n} av {all}", "Showing {n} of {all}"),
    "pick": ("Vertaa", "Jämför", "Compare"),
    "compare": ("Vertailu", "Jämförelse", "Comparison"),
    "compare_hint": (
        "Valitse taulukosta 2–4 mallia, niin ne tulevat vierekkäin.",
        "Välj 2–4 modeller i tabellen så visas de sida vid sida.",
        "Tick two to four models in the table to see them side by side.",
    ),
    "measure": ("Mittari", "Mått", "Measure"),
    "categories": ("Ohjeluokat", "Kategorier", "Categories"),
    "categories_note": (
        "Noudatettujen ohjeiden osuus luokittain, prosentteina. Mitä tummempi, sitä parempi.",
        "Andelen följda instruktioner per kategori, i procent. Ju mörkare, desto bättre.",
        "Share of instructions followed in each category, in per cent. The darker the better.",
    ),
    "chart": ("Koko ja tulos", "Storlek och resultat", "Size and score"),
    "chart_alt": (
        "Pistekuvio: vaaka-akselilla parametrien määrä miljardeina, pystyakselilla noudatettujen ohjeiden osuus. Samat luvut ovat "
        "taulukossa.",
        "Punktdiagram: antalet parametrar i miljarder på den vågräta axeln, andelen följda instruktioner på den lodräta. Samma "
        "siffror finns i tabellen.",
        "Scatter plot: billions of parameters on the horizontal axis, share of instructions followed on the vertical one. The "
        "numbers are in the table.",
    ),
    "chart_note": (
        "Vaaka-akseli on logaritminen. Täytetyn pisteen mallissa on avoin opetusdata, ontossa ei. Mallit, joiden kokoa ei ole "
        "julkaistu, puuttuvat.",
        "Den vågräta axeln är logaritmisk. Fylld punkt: öppna träningsdata; ofylld: inte. Modeller vars storlek inte är "
        "offentlig saknas.",
        "The horizontal axis is logarithmic. A filled dot has open training data, a hollow one has not. Models of unpublished size "
        "are left out.",
    ),
    "about": ("Mitä luvut tarkoittavat", "Vad siffrorna betyder", "What the numbers mean"),
    "about_inst": (
        "Pääluku on noudatettujen ohjeiden osuus ankarasti arvioituna. Palkin tumma jana on 95 prosentin luottamusväli.",
        "Huvudsiffran är andelen följda instruktioner, strängt bedömda. Det mörka strecket i stapeln är ett konfidensintervall på 95 procent.",
        "The headline is the share of instructions followed, judged strictly. The dark line in the bar is a 95 % interval.",
    ),
    "about_rank": (
        "Sijaväli kertoo, mille sijoille malli voi kuulua: vain parittaisessa testissä (p ≤ 0,05) merkitsevät erot ratkaisevat.",
        "Platsintervallet säger vilka platser modellen kan ha: bara skillnader som är signifikanta i ett parat test (p ≤ 0,05) räknas.",
        "A rank range says which ranks a model may have: only differences significant in a paired test (p ≤ 0.05) decide.",
    ),
    "about_inside": (
        "”Noudatettu suomeksi” laskee ohjeen noudatetuksi vain, jos vastauskin on suomea.",
        "”Följda på finska” räknar en instruktion som följd bara om också svaret är på finska.",
        "“Followed in Finnish” counts an instruction only when the answer is in Finnish too.",
    ),
    "about_missing": (
        "Viiva tarkoittaa, ettei lukua ole. Se ei ole nolla.",
        "Ett streck betyder att siffran saknas. Det är inte noll.",
        "A dash means that there is no such number. It is not zero.",
    ),
    "about_english": (
        "Englanninkieliset vastaukset on arvioitu IFEvalin julkaistuilla säännöillä. Luku näyttää suunnan; se ei ole tarkka vertailu.",
        "Engelska svar är bedömda med IFEvals publicerade regler. Siffran visar riktningen; den är ingen exakt jämförelse.",
        "English answers are judged by IFEval's published rules. The number shows a direction, not an exact comparison.",
    ),
    "about_submit": (
        "Tulokset tulevat pull requestina: mallin tiedot, ajon asetukset ja kaikki vastaukset.",
        "Resultat lämnas som en pull request: uppgifter om modellen, körningens inställningar och alla svar.",
        "Results come as a pull request: facts about the model, the settings of the run, and every answer.",
    ),
    "scores": ("Tulokset", "Resultat", "Scores"),
    "interval": ("95 %:n väli", "95 %-intervall", "95 % interval"),
    "instructions": ("Ohjeet yksitellen", "Instruktionerna en och en", "Instructions one by one"),
    "count": ("Määrä", "Antal", "Number"),
    "strict": ("ankara %", "strikt %", "strict %"),
    "loose": ("väljä %", "mild %", "loose %"),
    "strict_inside": ("suomeksi %", "på finska %", "in Finnish %"),
    "language": ("Kieli", "Språk", "Language"),
    "response_languages": ("Vastausten kielet", "Svarens språk", "Languages of the answers"),
    "settings": ("Malli ja asetukset", "Modell och inställningar", "Model and settings"),
    "all_answers": (
        "Kaikki kehotteet, vastaukset ja perustelut",
        "Alla prompter, svar och belägg",
        "All prompts, answers, verdicts and evidence",
    ),
    "answers_language": ("(englanninkielinen sivu)", "(sida på engelska)", ""),
    "eee": ("Every Eval Ever -muodossa", "I formatet Every Eval Ever", "As Every Eval Ever"),
    "revision": ("Versio", "Version", "Revision"),
    "base_model": ("Pohjamalli", "Basmodell", "Base model"),
    "developer": ("Tekijä", "Utvecklare", "Developer"),
    "country": ("Maa", "Land", "Country"),
    "model_languages": ("Mallin kielet", "Modellens språk", "Languages"),
    "released": ("Julkaistu", "Utgiven", "Released"),
    "trained": (
        "Opetettu IFEvalin kaltaisella aineistolla",
        "Tränad på data som liknar IFEval",
        "Trained on IFEval-like data",
    ),
    "quantisation": ("Kvantisointi", "Kvantisering", "Quantisation"),
    "server": ("Palvelin", "Server", "Server"),
    "hardware": ("Laitteisto", "Hårdvara", "Hardware"),
    "reasoning": ("Päättelytila", "Resonemang", "Reasoning"),
    "speed": ("Tokenia sekunnissa", "Token per sekund", "Tokens a second"),
    "max_tokens": ("Tokeneita enintään", "Token högst", "Tokens at most"),
    "temperature": ("Lämpötila", "Temperatur", "Temperature"),
    "top_p": ("top-p", "top-p", "top-p"),
    "samples": ("Vastauksia kehotetta kohti", "Svar per prompt", "Answers a prompt"),
    "system_prompt": ("Järjestelmäkehote", "Systemprompt", "System prompt"),
    "extra_body": ("Muut kentät pyynnössä", "Övriga fält i anropet", "Other fields of the request"),
    "contact": ("Yhteys", "Kontakt", "Contact"),
    "note": ("Huomautus", "Anmärkning", "Note"),
    "prompts_asked": ("Kehotteet", "Prompter", "Prompts"),
    "signature": ("Allekirjoitus", "Signatur", "Signature"),
    "superseded": (
        "Tämän ajon on korvannut uudempi.",
        "Körningen har ersatts av en nyare.",
        "A newer run supersedes this one.",
    ),
    "supersedes": ("Korjaa ajon {run}.", "Rättar körningen {run}.", "Corrects the run {run}."),
    "english_run": ("Sama malli englanniksi", "Samma modell på engelska", "The same model in English"),
    "choose_title": (
        "Mikä malli omaan konesaliin?",
        "Vilken modell till den egna maskinhallen?",
        "Which model to run on your own machines?",
    ),
    "choose_lede": (
        "Rajaa ehdoilla ja valitse, mihin malliin vertaat. Taulukko kertoo, montako prosenttiyksikköä ohjeiden noudattamisessa "
        "menetät tai voitat.",
        "Ange villkor och välj vilken modell du jämför med. Tabellen visar hur många procentenheter du förlorar eller vinner.",
        "Set your conditions and choose what to compare with. The table says how many percentage points of instructions followed you "
        "lose or gain.",
    ),
    "reference": ("Verrataan malliin", "Jämförs med", "Compared with"),
    "difference": ("Ero, %-yks.", "Skillnad, %-enh.", "Difference, points"),
    "choose_note": (
        "Mukana ovat avoimet mallit. Erotuksen väli on 95 prosentin luottamusväli parittain kehotteittain; jos siinä on nolla, ero "
        "voi olla sattumaa.",
        "Bara öppna modeller är med. Skillnadens intervall är ett konfidensintervall på 95 procent, parat per prompt; om noll ingår "
        "kan skillnaden bero på slumpen.",
        "Models with open weights only. The interval of the difference is a 95 % interval, paired by prompt; when it holds zero, the "
        "difference may be chance.",
    ),
    "nothing": ("Yhtään ajoa ei ole vielä.", "Det finns inga körningar ännu.", "There are no runs yet."),
    "no_reference": ("Vertailtavaa ei vielä ole.", "Det finns ännu inget att jämföra med.", "There is nothing to compare with yet."),
    "footer": (
        "Sivusto on tehty ohjelmalla ifeval-fi pelkistä vastauksista. Samoista vastauksista syntyy aina sama sivusto.",
        "Webbplatsen är gjord med ifeval-fi av bara svaren. Samma svar ger alltid samma webbplats.",
        "Made by ifeval-fi from the answers alone. The same answers always make the same site.",
    ),
}  # fmt: skip

_CATEGORIES: dict[str, tuple[str, str, str]] = {
    "keywords": ("avainsanat", "nyckelord", "keywords"),
    "language": ("kieli", "språk", "language"),
    "length_constraints": ("pituus", "längd", "length"),
    "detectable_content": ("sisältö", "innehåll", "content"),
    "detectable_format": ("muotoilu", "formatering", "format"),
    "combination": ("yhdistelmät", "kombinationer", "combination"),
    "startend": ("alku ja loppu", "början och slut", "start and end"),
    "change_case": ("kirjainkoko", "versaler och gemener", "letter case"),
    "punctuation": ("välimerkit", "skiljetecken", "punctuation"),
}


def texts(language: str) -> dict[str, str]:
    """Every text of the site in one of its languages, by name."""
    place = LANGUAGES.index(language)
    return {name: each[place] for name, each in _TEXTS.items()}


def category_name(name: str, language: str) -> str:
    """A category of instructions in words."""
    return _CATEGORIES[name][LANGUAGES.index(language)] if name in _CATEGORIES else name.replace("_", " ")
