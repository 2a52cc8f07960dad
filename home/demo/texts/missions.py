# ruff: noqa: E501, PLR0917 - prose breaks where its sense does
"""The authority's six missions."""

from __future__ import annotations

from home.demo.shapes import (
    Contact,
    Mission,
    accordion,
    call_to_action,
    documents,
    facts,
    figure,
    heading,
    quote,
    steps,
    table,
    text,
)
from home.demo.texts.images import picture


def _team(fr: str, nl: str, role_fr: str, role_nl: str, extension: int, mailbox: str) -> Contact:
    """A team of the authority, reached at its own extension and mailbox."""
    return Contact(
        name_fr=fr,
        name_nl=nl,
        role_fr=role_fr,
        role_nl=role_nl,
        phone=f"+32 2 000 00 {extension}",
        email=f"{mailbox}@vigie.example",
        address_fr="Rue de l'Exemple 1\n1000 Bruxelles",
        address_nl="Voorbeeldstraat 1\n1000 Brussel",
        hours_fr="Du lundi au vendredi, de 9 h à 17 h",
        hours_nl="Van maandag tot vrijdag, van 9 tot 17 uur",
    )


STRUCTURAL = ("donnée structurelle", "structureel gegeven")

MISSIONS = (
    Mission(
        key="mission-coordination",
        title_fr="Coordonner les acteurs de la sécurité",
        title_nl="De veiligheidsactoren coördineren",
        slug_fr="coordination",
        slug_nl="coordinatie",
        summary_fr="Mettre autour d'une même table celles et ceux qui préviennent, protègent et secourent.",
        summary_nl="Wie voorkomt, beschermt en hulp verleent samen rond de tafel brengen.",
        intro_fr="La sécurité ne tient pas dans un seul organigramme. Communes, police, pompiers, services médicaux, "
        "justice, transports, écoles et associations en portent chacun une part. Notre première mission est de "
        "faire en sorte que ces parts s'emboîtent, en temps normal comme en temps de crise.",
        intro_nl="Veiligheid past niet in één organigram. Gemeenten, politie, brandweer, medische diensten, justitie, "
        "vervoer, scholen en verenigingen dragen er elk een stuk van. Onze eerste opdracht is ervoor te zorgen dat "
        "die stukken in elkaar passen, zowel op een gewone dag als in een crisis.",
        image="mission-coordination",
        contacts=(
            _team(
                "Équipe Coordination",
                "Team Coördinatie",
                "Partenaires et plans",
                "Partners en plannen",
                11,
                "coordination",
            ),
            _team(
                "Équipe Gestion de crise",
                "Team Crisisbeheer",
                "Planification d'urgence",
                "Noodplanning",
                12,
                "crise",
            ),
        ),
        body=(
            heading("Trois domaines, une seule ligne", "Drie domeinen, één lijn"),
            table(
                ("Ce que nous coordonnons", "Wat we coördineren"),
                (("Domaine", "Domein"), ("Objectif", "Doel"), ("Avec qui", "Met wie")),
                (
                    ("Prévention", "Preventie"),
                    ("Agir avant que le problème n'arrive", "Ingrijpen voor het probleem ontstaat"),
                    ("Communes, associations, écoles", "Gemeenten, verenigingen, scholen"),
                ),
                (
                    ("Ordre public", "Openbare orde"),
                    ("Accompagner événements et manifestations", "Evenementen en betogingen begeleiden"),
                    ("Zones de police, organisateurs", "Politiezones, organisatoren"),
                ),
                (
                    ("Gestion de crise", "Crisisbeheer"),
                    ("Préparer, décider et informer ensemble", "Samen voorbereiden, beslissen en informeren"),
                    ("Secours, hôpitaux, opérateurs", "Hulpdiensten, ziekenhuizen, operatoren"),
                ),
            ),
            facts(
                figure("19", "communes", "gemeenten", STRUCTURAL),
                figure("6", "zones de police", "politiezones", STRUCTURAL),
                figure("2", "langues, toujours côte à côte", "talen, altijd naast elkaar", STRUCTURAL),
                source=(
                    "Organisation de la Région, situation de 2026",
                    "Organisatie van het Gewest, toestand in 2026",
                ),
            ),
            heading("Quand une crise survient", "Als er een crisis is"),
            steps(
                ("De l'alerte au retour à la normale", "Van de melding tot de terugkeer naar normaal"),
                (
                    "Évaluer",
                    "Inschatten",
                    "Les services de secours et la police décrivent la situation dans un langage commun.",
                    "Hulpdiensten en politie beschrijven de toestand in eenzelfde taal.",
                ),
                (
                    "Réunir",
                    "Samenkomen",
                    "Les autorités compétentes décident des mesures et se répartissent les tâches.",
                    "De bevoegde overheden beslissen over de maatregelen en verdelen de taken.",
                ),
                (
                    "Informer",
                    "Informeren",
                    "La population reçoit des consignes claires, en français et en néerlandais, au même moment.",
                    "De bevolking krijgt duidelijke richtlijnen, tegelijk in het Nederlands en in het Frans.",
                ),
                (
                    "Apprendre",
                    "Leren",
                    "Un retour d'expérience suit chaque crise et chaque exercice.",
                    "Na elke crisis en elke oefening volgt een evaluatie.",
                ),
            ),
            call_to_action(
                "Vous hésitez entre deux numéros ? Notre guide vous aide à choisir.",
                "Twijfelt u tussen twee nummers? Onze wegwijzer helpt u kiezen.",
                ("Quel numéro appeler ?", "Welk nummer bellen?"),
                page="emergency-numbers",
            ),
        ),
    ),
    Mission(
        key="mission-police-zones",
        title_fr="Soutenir les zones de police",
        title_nl="De politiezones ondersteunen",
        slug_fr="zones-de-police",
        slug_nl="politiezones",
        summary_fr="Des moyens et des projets communs pour les six zones : transports, technologie, quartiers.",
        summary_nl="Gedeelde middelen en projecten voor de zes zones: vervoer, technologie, wijken.",
        intro_fr="Une rue peut changer de zone de police d'un trottoir à l'autre ; les besoins de ses habitants, eux, ne "
        "changent pas. Nous finançons et accompagnons des projets qui profitent à plusieurs zones et qui mettent en "
        "œuvre le Plan global de sécurité et de prévention.",
        intro_nl="Een straat kan van het ene voetpad op het andere van politiezone veranderen; de noden van de bewoners "
        "veranderen niet mee. We financieren en begeleiden projecten waar verschillende zones iets aan hebben en die "
        "het Globaal Veiligheids- en Preventieplan uitvoeren.",
        image="mission-police-zones",
        contacts=(
            _team(
                "Équipe Zones de police",
                "Team Politiezones",
                "Projets zonaux et matériel",
                "Zonale projecten en materieel",
                21,
                "zones",
            ),
        ),
        body=(
            heading("Trois axes de soutien", "Drie pijlers"),
            text(
                """
                - **Transports publics** : une présence visible et coordonnée dans les stations, les trams et les bus.
                - **Moyens d'action** : nouvelles technologies, équipement et formation que l'on partage plutôt que
                  d'acheter six fois.
                - **Ancrage local** : du temps pour le travail de quartier, là où l'on se connaît.
                """,
                """
                - **Openbaar vervoer**: zichtbare en gecoördineerde aanwezigheid in stations, trams en bussen.
                - **Middelen**: nieuwe technologieën, uitrusting en opleiding die we delen in plaats van ze zes keer
                  aan te kopen.
                - **Lokale verankering**: tijd voor wijkwerking, daar waar mensen elkaar kennen.
                """,
            ),
            table(
                (
                    "Les six zones de police de la Région, en 2026",
                    "De zes politiezones van het Gewest, in 2026",
                ),
                (("Zone", "Zone"), ("Nom", "Naam"), ("Communes", "Gemeenten")),
                (
                    "5339",
                    ("Bruxelles-Capitale-Ixelles", "Brussel-Hoofdstad-Elsene"),
                    ("Bruxelles, Ixelles", "Brussel, Elsene"),
                ),
                (
                    "5340",
                    ("Bruxelles-Ouest", "Brussel-West"),
                    (
                        "Molenbeek-Saint-Jean, Koekelberg, Jette, Ganshoren, Berchem-Sainte-Agathe",
                        "Sint-Jans-Molenbeek, Koekelberg, Jette, Ganshoren, Sint-Agatha-Berchem",
                    ),
                ),
                (
                    "5341",
                    ("Midi", "Zuid"),
                    ("Anderlecht, Saint-Gilles, Forest", "Anderlecht, Sint-Gillis, Vorst"),
                ),
                (
                    "5342",
                    "Marlow",
                    ("Uccle, Watermael-Boitsfort, Auderghem", "Ukkel, Watermaal-Bosvoorde, Oudergem"),
                ),
                (
                    "5343",
                    "Montgomery",
                    (
                        "Etterbeek, Woluwe-Saint-Lambert, Woluwe-Saint-Pierre",
                        "Etterbeek, Sint-Lambrechts-Woluwe, Sint-Pieters-Woluwe",
                    ),
                ),
                (
                    "5344",
                    ("Bruxelles-Nord", "Brussel-Noord"),
                    ("Schaerbeek, Saint-Josse-ten-Noode, Evere", "Schaarbeek, Sint-Joost-ten-Node, Evere"),
                ),
            ),
            text(
                """
                Une loi en préparation doit réunir ces six zones en une seule, sans doute en 2027 ou en 2028. D'ici là,
                rien ne change pour vous : adressez-vous au commissariat de votre quartier, et au **101** en cas
                d'urgence.
                """,
                """
                Een wet in voorbereiding moet de zes zones tot één zone samenvoegen, wellicht in 2027 of 2028. Tot dan
                verandert er niets voor u: ga naar het commissariaat van uw wijk, en bel bij nood **101**.
                """,
            ),
            heading("Du plan global aux plans zonaux", "Van het globaal plan naar de zonale plannen"),
            text(
                """
                En vertu de la loi du 7 décembre 1998, chaque zone établit un plan zonal de sécurité (PZS) qui tient
                compte du plan régional. Les projets que nous soutenons relient les deux : ils traduisent une mesure
                régionale en actions que l'on voit dans la rue.
                """,
                """
                Volgens de wet van 7 december 1998 stelt elke zone een zonaal veiligheidsplan (ZVP) op dat rekening
                houdt met het gewestelijke plan. De projecten die we ondersteunen verbinden beide: ze vertalen een
                gewestelijke maatregel in acties die u op straat ziet.
                """,
            ),
            documents(
                ("À lire", "Lees ook"),
                (
                    "document-zonal",
                    "Plan zonal de sécurité : guide de lecture",
                    "Zonaal veiligheidsplan: leeswijzer",
                    "Comment un plan zonal se construit et comment le lire.",
                    "Hoe een zonaal plan tot stand komt en hoe u het leest.",
                ),
            ),
        ),
    ),
    Mission(
        key="mission-local-prevention",
        title_fr="Renforcer la prévention locale",
        title_nl="De lokale preventie versterken",
        slug_fr="prevention-locale",
        slug_nl="lokale-preventie",
        summary_fr="Les communes connaissent leur terrain : nous soutenons leurs plans de prévention et de proximité.",
        summary_nl="Gemeenten kennen hun terrein: we ondersteunen hun lokale preventie- en buurtplannen.",
        intro_fr="Un gardien de la paix qui connaît les commerçants, une médiatrice qui parle avec les voisins, un "
        "éducateur qui passe au bon moment : la prévention commence à l'échelle d'une rue. C'est pourquoi nous "
        "laissons aux communes ce qu'elles font mieux que personne.",
        intro_nl="Een gemeenschapswacht die de handelaars kent, een bemiddelaarster die met de buren praat, een "
        "straathoekwerker die op het juiste moment langskomt: preventie begint op straatniveau. Daarom laten we de "
        "gemeenten doen wat zij beter kunnen dan wie ook.",
        image="mission-local-prevention",
        contacts=(
            _team(
                "Équipe Prévention locale",
                "Team Lokale preventie",
                "Plans locaux et appels à projets",
                "Lokale plannen en projectoproepen",
                31,
                "prevention",
            ),
        ),
        body=(
            heading("Un plan par commune", "Eén plan per gemeente"),
            text(
                """
                Chaque commune adopte un **plan local de prévention et de proximité** (PLPP). Elle y décrit ce qu'elle
                observe, ce qu'elle veut changer et les équipes qu'elle engage. Nous finançons, conseillons et
                comparons ; la commune décide et agit. C'est le principe de subsidiarité.
                """,
                """
                Elke gemeente keurt een **lokaal preventie- en buurtplan** goed. Daarin beschrijft ze wat ze vaststelt,
                wat ze wil veranderen en welke ploegen ze inzet. Wij financieren, adviseren en vergelijken; de gemeente
                beslist en handelt. Dat is het subsidiariteitsbeginsel.
                """,
            ),
            picture(
                "realisation-parks",
                "Une équipe, plusieurs communes : les projets intercommunaux suivent les habitants, pas les limites.",
                "Eén ploeg, verschillende gemeenten: intergemeentelijke projecten volgen de mensen, niet de grenzen.",
            ),
            heading("Ce que nous soutenons", "Wat we ondersteunen"),
            accordion(
                (
                    "Des équipes déjà en place",
                    "Bestaande ploegen",
                    "Gardiens de la paix, médiation de voisinage, travail de rue : nous prolongeons ce qui fonctionne.",
                    "Gemeenschapswachten, burenbemiddeling, straathoekwerk: we zetten voort wat werkt.",
                ),
                (
                    "De nouvelles idées",
                    "Nieuwe ideeën",
                    "Un appel à projets annuel donne à une idée nouvelle le temps de faire ses preuves, puis d'être évaluée.",
                    "Een jaarlijkse projectoproep geeft een nieuw idee de tijd om zich te bewijzen en geëvalueerd te worden.",
                ),
                (
                    "Des projets entre communes",
                    "Projecten tussen gemeenten",
                    "Quand un parc, une ligne de tram ou un axe commerçant traverse plusieurs communes, nous aidons à "
                    "monter une équipe commune.",
                    "Loopt een park, een tramlijn of een winkelas door verschillende gemeenten, dan helpen we een "
                    "gezamenlijke ploeg op te zetten.",
                ),
            ),
            quote(
                "Nous ne venons pas faire la leçon : nous venons saluer, écouter et revenir le lendemain.",
                "We komen niet de les lezen. We komen groeten, luisteren, en de volgende dag terugkomen.",
                (
                    "Un gardien de la paix, témoignage de démonstration",
                    "Een gemeenschapswacht, demonstratiegetuigenis",
                ),
            ),
            call_to_action(
                "Votre commune prépare un projet ? Parlons-en avant le dépôt du dossier.",
                "Bereidt uw gemeente een project voor? Neem contact op vóór u het dossier indient.",
                ("Nous contacter", "Contact opnemen"),
                page="page-contact",
            ),
        ),
    ),
    Mission(
        key="mission-lisa",
        title_fr="Ancrer la sécurité dans les quartiers",
        title_nl="Veiligheid verankeren in de wijken",
        slug_fr="antennes-lisa",
        slug_nl="lisa-antennes",
        summary_fr="Les antennes LISA réunissent commune, police et Région sous un même toit, au cœur d'un quartier.",
        summary_nl="LISA-antennes brengen gemeente, politie en Gewest onder één dak, midden in een wijk.",
        intro_fr="LISA veut dire « Local Integrated Security Antenna » : une antenne locale de sécurité intégrée. On y "
        "pousse une seule porte pour parler à la commune, à la zone de police, à un service régional et, au besoin, à "
        "une association.",
        intro_nl="LISA staat voor “Local Integrated Security Antenna”: een lokale antenne voor geïntegreerde veiligheid. "
        "Achter één deur vindt u de gemeente, de politiezone, een gewestelijke dienst en, waar nodig, een vereniging.",
        image="mission-lisa",
        contacts=(
            _team(
                "Équipe Antennes LISA",
                "Team LISA-antennes",
                "Ouverture et suivi des antennes",
                "Opening en opvolging van de antennes",
                41,
                "lisa",
            ),
        ),
        body=(
            heading("À quoi sert une antenne ?", "Waarvoor dient een antenne?"),
            text(
                """
                On y vient pour signaler une rue mal éclairée, demander un conseil contre le vol, prévenir d'une
                tension entre voisins ou simplement poser une question. Chaque demande reçoit une suite, même si elle
                relève d'un autre service : l'antenne la transmet et vous tient au courant.

                Pour une urgence, appelez toujours le **112** ou le **101**.
                """,
                """
                U kunt er terecht om een slecht verlichte straat te melden, advies tegen diefstal te vragen, een spanning
                tussen buren te signaleren of gewoon een vraag te stellen. Elke vraag krijgt gevolg, ook als een andere
                dienst bevoegd is: de antenne geeft ze door en houdt u op de hoogte.

                Bel in een noodgeval altijd **112** of **101**.
                """,
            ),
            heading("Comment une antenne voit le jour", "Hoe een antenne tot stand komt"),
            steps(
                ("De l'idée à l'ouverture", "Van idee tot opening"),
                (
                    "Un diagnostic du quartier",
                    "Een wijkdiagnose",
                    "Habitants, commerçants et services disent ce qui va et ce qui ne va pas.",
                    "Bewoners, handelaars en diensten zeggen wat goed gaat en wat niet.",
                ),
                (
                    "Une convention entre partenaires",
                    "Een overeenkomst tussen partners",
                    "Commune, zone de police et Région fixent qui est présent, quand, et pour quoi faire.",
                    "Gemeente, politiezone en Gewest bepalen wie er aanwezig is, wanneer en waarvoor.",
                ),
                (
                    "Un lieu ouvert",
                    "Een open plek",
                    "Un rez-de-chaussée visible, accessible à tous, avec des heures d'ouverture en soirée.",
                    "Een zichtbaar gelijkvloers pand, toegankelijk voor iedereen, met openingsuren in de avond.",
                ),
                (
                    "Un bilan chaque année",
                    "Een jaarlijkse balans",
                    "Les partenaires examinent les demandes reçues et adaptent l'offre.",
                    "De partners bekijken de ontvangen vragen en passen het aanbod aan.",
                ),
            ),
            quote(
                "Avant, je devais savoir quel service était compétent. Maintenant, je traverse la rue.",
                "Vroeger moest ik weten welke dienst bevoegd was. Nu steek ik de straat over.",
                ("Une habitante, témoignage de démonstration", "Een bewoonster, demonstratiegetuigenis"),
            ),
            call_to_action(
                "Deux antennes sont présentées parmi nos réalisations.",
                "Twee antennes vindt u bij onze realisaties.",
                ("Voir une antenne de gare", "Een stationsantenne bekijken"),
                page="realisation-lisa-station",
            ),
        ),
    ),
    Mission(
        key="mission-organised-crime",
        title_fr="Freiner le crime organisé par l'approche administrative",
        title_nl="Georganiseerde criminaliteit bestuurlijk aanpakken",
        slug_fr="approche-administrative",
        slug_nl="bestuurlijke-aanpak",
        summary_fr="Empêcher que des structures légales servent de façade à des activités criminelles.",
        summary_nl="Verhinderen dat legale structuren een dekmantel worden voor criminele activiteiten.",
        intro_fr="Un commerce sans clients, un immeuble qui change trop souvent de mains, une société sans activité : le "
        "crime organisé a besoin de permis, de baux et de comptes. Les autorités locales peuvent lui fermer ces portes, "
        "à condition de savoir lesquelles.",
        intro_nl="Een zaak zonder klanten, een pand dat te vaak van eigenaar wisselt, een vennootschap zonder activiteit: "
        "georganiseerde criminaliteit heeft vergunningen, huurcontracten en rekeningen nodig. Lokale overheden kunnen "
        "die deuren sluiten, op voorwaarde dat ze weten welke.",
        image="mission-organised-crime",
        contacts=(
            _team(
                "Point d'appui Approche administrative",
                "Steunpunt Bestuurlijke aanpak",
                "Pour les communes et les zones de police",
                "Voor gemeenten en politiezones",
                51,
                "appui",
            ),
        ),
        body=(
            heading("Compléter la justice, sans la remplacer", "Een aanvulling op justitie, geen vervanging"),
            text(
                """
                Poursuivre et juger reste l'affaire de la justice. L'approche administrative agit en amont et à côté :
                refuser un permis, fermer un établissement, croiser des informations dans le respect de la loi. Les
                autorités judiciaires et administratives se concertent pour ne pas se gêner.
                """,
                """
                Vervolgen en oordelen blijft de taak van justitie. De bestuurlijke aanpak werkt vooraf en ernaast: een
                vergunning weigeren, een inrichting sluiten, informatie samenleggen met respect voor de wet.
                Gerechtelijke en bestuurlijke overheden overleggen om elkaar niet in de weg te lopen.
                """,
            ),
            heading("Ce que nous offrons aux communes et aux zones", "Wat we gemeenten en zones bieden"),
            table(
                ("Cinq formes d'appui", "Vijf vormen van steun"),
                (("Appui", "Steun"), ("Concrètement", "Concreet")),
                (
                    ("Coordination", "Coördinatie"),
                    (
                        "Des interventions préparées et menées ensemble",
                        "Acties die samen voorbereid en uitgevoerd worden",
                    ),
                ),
                (
                    ("Conseil", "Advies"),
                    (
                        "Une réponse juridique à une question de terrain",
                        "Een juridisch antwoord op een praktijkvraag",
                    ),
                ),
                (
                    ("Suivi", "Opvolging"),
                    (
                        "Une vue d'ensemble des dossiers et des secteurs",
                        "Een overzicht van dossiers en sectoren",
                    ),
                ),
                (
                    ("Expertise", "Expertise"),
                    (
                        "Des formations et l'analyse de montages complexes",
                        "Vorming en analyse van complexe constructies",
                    ),
                ),
                (
                    ("Outils", "Instrumenten"),
                    (
                        "Règlements types, listes de contrôle, modèles de lettre",
                        "Modelreglementen, checklists, modelbrieven",
                    ),
                ),
            ),
            accordion(
                (
                    "Je suis commerçant : suis-je concerné ?",
                    "Ik ben handelaar: gaat dit ook over mij?",
                    """
                    Un contrôle commun vérifie des règles que vous connaissez déjà : hygiène, permis, emploi, sécurité
                    incendie. Si tout est en ordre, il dure peu de temps et vous recevez le même jour un compte rendu.
                    """,
                    """
                    Een gezamenlijke controle gaat na of regels die u al kent worden nageleefd: hygiëne, vergunningen,
                    tewerkstelling, brandveiligheid. Is alles in orde, dan duurt ze niet lang en krijgt u nog dezelfde
                    dag een verslag.
                    """,
                ),
                (
                    "Comment signaler un fait suspect ?",
                    "Hoe meld ik iets verdachts?",
                    """
                    Adressez-vous à votre zone de police ou à une antenne LISA. Si un fait se produit sous vos yeux,
                    appelez le 101.
                    """,
                    """
                    Ga naar uw politiezone of naar een LISA-antenne. Gebeurt er iets voor uw ogen, bel dan 101.
                    """,
                ),
            ),
        ),
    ),
    Mission(
        key="mission-platforms",
        title_fr="Partager les bonnes pratiques",
        title_nl="Goede praktijken delen",
        slug_fr="bonnes-pratiques",
        slug_nl="goede-praktijken",
        summary_fr="Des plateformes où professionnels et partenaires comparent ce qui marche, et ce qui ne marche pas.",
        summary_nl="Platformen waar professionals en partners vergelijken wat werkt, en wat niet.",
        intro_fr="Un projet qui réussit à Jette peut servir à Uccle ; un projet qui échoue mérite aussi d'être raconté. Nous "
        "organisons l'échange entre celles et ceux qui font de la prévention leur métier.",
        intro_nl="Een project dat in Jette lukt, kan ook in Ukkel dienen; een project dat mislukt verdient het evengoed "
        "verteld te worden. We organiseren de uitwisseling tussen wie van preventie zijn beroep maakt.",
        image="mission-platforms",
        contacts=(
            _team(
                "Équipe Plateformes",
                "Team Platformen",
                "Rencontres et bibliothèque de pratiques",
                "Ontmoetingen en praktijkenbibliotheek",
                61,
                "plateformes",
            ),
        ),
        body=(
            heading(
                "La plateforme régionale radicalisation-polarisation",
                "Het gewestelijk platform radicalisering-polarisering",
            ),
            text(
                """
                Elle rassemble communes, police, enseignement, aide sociale, justice et associations. On y partage des
                méthodes, on y invite des chercheurs et l'on y parle de situations difficiles dans un cadre de confiance.
                """,
                """
                Het verenigt gemeenten, politie, onderwijs, welzijn, justitie en verenigingen. Men deelt er methodes,
                nodigt er onderzoekers uit en bespreekt er moeilijke situaties in een sfeer van vertrouwen.
                """,
            ),
            picture("realisation-dialogue"),
            heading("Une pratique, de l'idée au partage", "Een praktijk, van idee tot delen"),
            steps(
                (
                    "Comment une pratique entre dans la bibliothèque",
                    "Hoe een praktijk in de bibliotheek komt",
                ),
                (
                    "Vous la décrivez",
                    "U beschrijft ze",
                    "Public, cadre, moyens, résultats : une fiche de deux pages suffit.",
                    "Doelgroep, setting, middelen, resultaten: een fiche van twee bladzijden volstaat.",
                ),
                (
                    "Des pairs la relisent",
                    "Vakgenoten lezen ze na",
                    "Deux praticiens posent des questions et proposent des précisions.",
                    "Twee praktijkmensen stellen vragen en vragen om verduidelijking.",
                ),
                (
                    "Elle est partagée",
                    "Ze wordt gedeeld",
                    "Vous choisissez avec qui : tout le monde, les membres ou un groupe précis.",
                    "U kiest met wie: met iedereen, met de leden of met een bepaalde groep.",
                ),
                (
                    "Elle reste à jour",
                    "Ze blijft actueel",
                    "Chaque année, nous vous demandons si la fiche dit encore vrai.",
                    "Elk jaar vragen we u of de fiche nog klopt.",
                ),
            ),
            heading(
                "Les rencontres avec les partenaires subventionnés", "Overleg met de gesubsidieerde partners"
            ),
            text(
                """
                Deux fois par an, les services et associations que nous soutenons se réunissent avec nous. L'ordre du
                jour est simple : ce qui avance, ce qui coince, ce qu'il faut changer. Le
                [cadre commun des plans locaux](key:publication-local) en a tiré plusieurs améliorations.
                """,
                """
                Twee keer per jaar komen de diensten en verenigingen die we steunen met ons samen. De agenda is
                eenvoudig: wat vooruitgaat, wat vastloopt, wat anders moet. Het
                [gemeenschappelijk kader van de lokale plannen](key:publication-local) is er al meermaals beter van
                geworden.
                """,
            ),
        ),
    ),
)
