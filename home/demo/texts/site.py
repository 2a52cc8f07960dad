# ruff: noqa: E501 - prose breaks where its sense does
"""Settings, home page, lists, vocabularies and the which-number guide."""

from __future__ import annotations

from home.demo.shapes import GuideEntry, Home, Index, SearchMap, Site, Theme

SITE = Site(
    name_fr="Vigie – sécurité et prévention à Bruxelles",
    name_nl="Vigie – veiligheid en preventie in Brussel",
    short_name="Vigie",
    tagline_fr="Prévenir, coordonner, protéger : l'autorité régionale au service des dix-neuf communes.",
    tagline_nl="Voorkomen, coördineren, beschermen: de gewestelijke overheid ten dienste van de negentien gemeenten.",
    notice_fr="Site de démonstration : les projets, les chiffres et les coordonnées de l'autorité sont fictifs.",
    notice_nl="Demonstratiesite: de projecten, de cijfers en de contactgegevens van de overheid zijn fictief.",
    phone="+32 2 000 00 00",
    email="info@vigie.example",
    phone_hours_fr="Du lundi au vendredi, de 9 h à 17 h, sauf les jours fériés",
    phone_hours_nl="Van maandag tot vrijdag, van 9 tot 17 uur, behalve op feestdagen",
    address_fr="Rue de l'Exemple 1\n1000 Bruxelles",
    address_nl="Voorbeeldstraat 1\n1000 Brussel",
    hours_fr="Du lundi au vendredi, de 9 h à 12 h 30 ; l'après-midi sur rendez-vous",
    hours_nl="Van maandag tot vrijdag, van 9 tot 12.30 uur; in de namiddag op afspraak",
    postal_address_fr="Vigie, service Accueil\nRue de l'Exemple 1\n1000 Bruxelles",
    postal_address_nl="Vigie, dienst Onthaal\nVoorbeeldstraat 1\n1000 Brussel",
)

HOME = Home(
    key="home",
    title_fr="Sécurité et prévention à Bruxelles",
    title_nl="Veiligheid en preventie in Brussel",
    slug_fr="home",
    slug_nl="home",
    summary_fr="L'autorité régionale qui relie prévention, sécurité et gestion de crise dans les dix-neuf communes "
    "de Bruxelles-Capitale.",
    summary_nl="De gewestelijke overheid die preventie, veiligheid en crisisbeheer verbindt in de negentien "
    "gemeenten van Brussel-Hoofdstad.",
    image="home-hero",
    hero_title_fr="Une ville plus sûre se construit ensemble",
    hero_title_nl="Aan een veiligere stad bouwen we samen",
    hero_lead_fr="Dans l'arrondissement de Bruxelles-Capitale, nous faisons travailler ensemble les communes, les "
    "zones de police, les services de secours et les associations. Prévenir, préparer, coordonner : voilà notre mission.",
    hero_lead_nl="In het arrondissement Brussel-Hoofdstad brengen we gemeenten, politiezones, hulpdiensten en "
    "verenigingen samen. Voorkomen, voorbereiden, coördineren: dat is onze opdracht.",
    hero_label_fr="Découvrir nos missions",
    hero_label_nl="Onze opdrachten ontdekken",
    hero_page="missions",
    numbers_text_fr="Une vie est en danger ? Appelez le 112. Vous avez besoin de la police tout de suite ? Appelez le "
    "101. Pour le reste, il existe souvent un numéro plus indiqué.",
    numbers_text_nl="Is iemand in levensgevaar? Bel 112. Hebt u meteen de politie nodig? Bel 101. Voor al de rest "
    "bestaat er vaak een beter nummer.",
    realisations=("realisation-metro", "realisation-lisa-station", "realisation-dialogue"),
)

SEARCH = SearchMap(
    key="search",
    title_fr="Rechercher",
    title_nl="Zoeken",
    slug_fr="rechercher",
    slug_nl="zoeken",
    summary_fr="Cherchez un mot dans tout le site, ou parcourez ses rubriques.",
    summary_nl="Zoek een woord in de hele site, of blader door de rubrieken.",
)

INDEXES = (
    Index(
        key="missions",
        kind="missions",
        title_fr="Missions",
        title_nl="Opdrachten",
        slug_fr="missions",
        slug_nl="opdrachten",
        summary_fr="Six missions, une même ligne de conduite : agir tôt, agir ensemble, agir près des habitants.",
        summary_nl="Zes opdrachten, één leidraad: vroeg optreden, samen optreden, dicht bij de bewoners optreden.",
        intro_fr="Chaque mission a ses partenaires, ses moyens et ses interlocuteurs. Vous trouverez ici ce que nous "
        "faisons, avec qui, et à qui vous adresser.",
        intro_nl="Elke opdracht heeft haar partners, haar middelen en haar aanspreekpunten. Hier leest u wat we "
        "doen, met wie, en bij wie u terechtkunt.",
    ),
    Index(
        key="realisations",
        kind="realisations",
        title_fr="Réalisations",
        title_nl="Realisaties",
        slug_fr="realisations",
        slug_nl="realisaties",
        summary_fr="Ce qui a été mené à bien sur le terrain, et ce qui est en cours.",
        summary_nl="Wat op het terrein is verwezenlijkt, en wat nog loopt.",
        intro_fr="Choisissez un thème, une commune, une année ou une mission pour retrouver les projets qui vous "
        "concernent.",
        intro_nl="Kies een thema, een gemeente, een jaar of een opdracht om de projecten te vinden die u aanbelangen.",
    ),
    Index(
        key="news",
        kind="news",
        title_fr="Actualités",
        title_nl="Nieuws",
        slug_fr="actualites",
        slug_nl="nieuws",
        summary_fr="Les nouvelles de l'autorité : décisions, appels à projets, rencontres et conseils pratiques.",
        summary_nl="Nieuws van de overheid: beslissingen, projectoproepen, ontmoetingen en praktische tips.",
        intro_fr="Les messages d'alerte ne paraissent pas ici : ils s'affichent en haut de chaque page dès qu'une "
        "alerte est en cours.",
        intro_nl="Waarschuwingen vindt u hier niet: zodra er een loopt, verschijnt ze bovenaan elke pagina.",
    ),
    Index(
        key="publications",
        kind="publications",
        title_fr="Publications",
        title_nl="Publicaties",
        slug_fr="publications",
        slug_nl="publicaties",
        summary_fr="Les plans qui guident l'action publique et les rapports qui en rendent compte.",
        summary_nl="De plannen die het beleid sturen en de verslagen die er rekenschap van geven.",
        intro_fr="Chaque document existe en français et en néerlandais. Si une version ne vous est pas accessible, "
        "demandez-nous le texte sous une autre forme.",
        intro_nl="Elk document bestaat in het Nederlands en in het Frans. Is een versie voor u niet toegankelijk? "
        "Vraag ons de tekst in een andere vorm.",
    ),
    Index(
        key="alerts",
        kind="alerts",
        title_fr="Alertes",
        title_nl="Waarschuwingen",
        slug_fr="alertes",
        slug_nl="waarschuwingen",
        summary_fr="Ce qui se passe maintenant, où, et ce qu'il faut faire.",
        summary_nl="Wat er nu gebeurt, waar, en wat u moet doen.",
        intro_fr="",
        intro_nl="",
    ),
    Index(
        key="emergency-numbers",
        kind="emergency-numbers",
        title_fr="Numéros d'urgence",
        title_nl="Noodnummers",
        slug_fr="numeros-urgence",
        slug_nl="noodnummers",
        summary_fr="112 et 101 d'abord ; ensuite, le bon numéro pour chaque besoin.",
        summary_nl="Eerst 112 en 101; daarna het juiste nummer voor elke nood.",
        intro_fr="Les appels au 112 et au 101 sont gratuits, jour et nuit, aussi sans crédit. Restez en ligne "
        "jusqu'à ce qu'on vous réponde : raccrocher fait perdre votre place.",
        intro_nl="Bellen naar 112 en 101 is gratis, dag en nacht, ook zonder belkrediet. Blijf aan de lijn tot u "
        "antwoord krijgt: wie inhaakt, verliest zijn plaats.",
    ),
)

REALISATION_THEMES = (
    Theme(
        code="transport",
        name_fr="Sécurité dans les transports publics",
        name_nl="Veiligheid in het openbaar vervoer",
        slug_fr="transports-publics",
        slug_nl="openbaar-vervoer",
    ),
    Theme(
        code="neighbourhood",
        name_fr="Travail de quartier",
        name_nl="Wijkwerking",
        slug_fr="travail-de-quartier",
        slug_nl="wijkwerking",
    ),
    Theme(
        code="technology",
        name_fr="Nouvelles technologies",
        name_nl="Nieuwe technologieën",
        slug_fr="nouvelles-technologies",
        slug_nl="nieuwe-technologieen",
    ),
    Theme(
        code="lisa",
        name_fr="Antennes LISA",
        name_nl="LISA-antennes",
        slug_fr="antennes-lisa",
        slug_nl="lisa-antennes",
    ),
    Theme(
        code="organised-crime",
        name_fr="Criminalité organisée",
        name_nl="Georganiseerde criminaliteit",
        slug_fr="criminalite-organisee",
        slug_nl="georganiseerde-criminaliteit",
    ),
    Theme(
        code="polarisation",
        name_fr="Prévention de la polarisation",
        name_nl="Preventie van polarisering",
        slug_fr="polarisation",
        slug_nl="polarisering",
    ),
    Theme(
        code="crisis",
        name_fr="Gestion de crise",
        name_nl="Crisisbeheer",
        slug_fr="gestion-de-crise",
        slug_nl="crisisbeheer",
    ),
)

NEWS_THEMES = (
    Theme(
        code="policy",
        name_fr="Politique et plans",
        name_nl="Beleid en plannen",
        slug_fr="politique-et-plans",
        slug_nl="beleid-en-plannen",
    ),
    Theme(
        code="calls",
        name_fr="Appels à projets",
        name_nl="Projectoproepen",
        slug_fr="appels-a-projets",
        slug_nl="projectoproepen",
    ),
    Theme(
        code="field",
        name_fr="Sur le terrain",
        name_nl="Op het terrein",
        slug_fr="sur-le-terrain",
        slug_nl="op-het-terrein",
    ),
    Theme(
        code="meetings",
        name_fr="Rencontres et formations",
        name_nl="Ontmoetingen en vorming",
        slug_fr="rencontres-et-formations",
        slug_nl="ontmoetingen-en-vorming",
    ),
    Theme(
        code="advice",
        name_fr="Conseils pratiques",
        name_nl="Praktische tips",
        slug_fr="conseils-pratiques",
        slug_nl="praktische-tips",
    ),
)


GUIDE = (
    GuideEntry(
        situation_fr="Quelqu'un est en danger de mort, gravement blessé ou ne respire plus",
        situation_nl="Iemand is in levensgevaar, zwaargewond of ademt niet meer",
        entry="112",
    ),
    GuideEntry(
        situation_fr="Il y a le feu, de la fumée ou une odeur de gaz",
        situation_nl="Er is brand, rook of een gasgeur",
        entry="112",
    ),
    GuideEntry(
        situation_fr="Une agression ou un cambriolage a lieu, ou quelqu'un vous menace",
        situation_nl="Er gebeurt een overval of inbraak, of iemand bedreigt u",
        entry="101",
    ),
    GuideEntry(
        situation_fr="Une personne a avalé ou respiré un produit toxique, et elle est consciente",
        situation_nl="Iemand heeft een giftig product ingeslikt of ingeademd en is bij bewustzijn",
        entry="poison-centre",
    ),
    GuideEntry(
        situation_fr="Un enfant a disparu",
        situation_nl="Een kind is vermist",
        entry="missing-children",
    ),
    GuideEntry(
        situation_fr="La tempête ou l'eau a fait des dégâts, mais personne n'est en danger",
        situation_nl="Storm of water heeft schade aangericht, maar niemand is in gevaar",
        entry="fire-brigade-storm",
    ),
    GuideEntry(
        situation_fr="Vous êtes malade le soir ou le week-end et votre médecin n'est pas joignable",
        situation_nl="U bent 's avonds of in het weekend ziek en uw huisarts is niet bereikbaar",
        entry="doctor-on-duty",
    ),
    GuideEntry(
        situation_fr="Vous pensez au suicide, ou vous craignez pour un proche",
        situation_nl="U denkt aan zelfdoding, of u vreest voor een naaste",
        entry="suicide",
    ),
    GuideEntry(
        situation_fr="Vous avez besoin de parler à quelqu'un",
        situation_nl="U hebt nood aan een gesprek",
        entry="listening",
    ),
    GuideEntry(
        situation_fr="Un enfant ou un jeune veut se confier",
        situation_nl="Een kind of jongere wil zijn verhaal kwijt",
        entry="children-listening",
    ),
    GuideEntry(
        situation_fr="Votre partenaire vous maltraite",
        situation_nl="Uw partner mishandelt u",
        entry="partner-violence",
    ),
    GuideEntry(
        situation_fr="Vous avez subi des violences sexuelles et cherchez des soins",
        situation_nl="U bent het slachtoffer van seksueel geweld en zoekt zorg",
        entry="sexual-violence-care",
    ),
    GuideEntry(
        situation_fr="Votre carte bancaire est perdue ou volée",
        situation_nl="Uw bankkaart is verloren of gestolen",
        entry="card-stop",
    ),
    GuideEntry(
        situation_fr="Votre carte d'identité est perdue ou volée",
        situation_nl="Uw identiteitskaart is verloren of gestolen",
        entry="doc-stop",
    ),
    GuideEntry(
        situation_fr="Vous avez reçu un message suspect",
        situation_nl="U hebt een verdacht bericht gekregen",
        entry="suspicious-message",
    ),
    GuideEntry(
        situation_fr="Une crise est en cours et vous avez une question pratique",
        situation_nl="Er is een crisis aan de gang en u hebt een praktische vraag",
        entry="crisis-information",
    ),
)
