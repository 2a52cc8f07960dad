# ruff: noqa: E501 - prose breaks where its sense does
"""Twelve realisations. Projects, partners and figures are made up for the demonstration; places are real."""

from __future__ import annotations

from datetime import date

from home.demo.shapes import (
    Partner,
    Realisation,
    accordion,
    call_to_action,
    contact,
    facts,
    figure,
    heading,
    quote,
    steps,
    table,
    text,
)
from home.demo.texts.images import picture
from home.demo.texts.legal import WELCOME

ZONES = Partner(name_fr="Zones de police concernées", name_nl="Betrokken politiezones")
MUNICIPALITIES = Partner(name_fr="Communes concernées", name_nl="Betrokken gemeenten")
OPERATOR = Partner(name_fr="Opérateur de transport public", name_nl="Openbaarvervoersmaatschappij")
RAIL_POLICE = Partner(name_fr="Police des chemins de fer", name_nl="Spoorwegpolitie")
PREVENTION = Partner(name_fr="Services communaux de prévention", name_nl="Gemeentelijke preventiediensten")
REGION = Partner(name_fr="Administrations régionales", name_nl="Gewestelijke besturen")
FIRE_SERVICE = Partner(name_fr="Service d'incendie et d'aide médicale", name_nl="Brandweer en medische hulp")
JUSTICE = Partner(name_fr="Autorités judiciaires", name_nl="Gerechtelijke overheden")
SCHOOLS = Partner(
    name_fr="Écoles secondaires des deux Communautés", name_nl="Secundaire scholen van beide Gemeenschappen"
)
ASSOCIATIONS = Partner(name_fr="Associations de quartier", name_nl="Buurtverenigingen")
SOCIAL_INSPECTION = Partner(name_fr="Services d'inspection", name_nl="Inspectiediensten")

REALISATIONS = (
    Realisation(
        key="realisation-metro",
        title_fr="Une présence commune dans les grandes stations de métro",
        title_nl="Samen aanwezig in de grote metrostations",
        slug_fr="presence-stations-metro",
        slug_nl="aanwezigheid-metrostations",
        summary_fr="Police locale, police des chemins de fer et agents de l'opérateur patrouillent ensemble, avec un seul plan de ronde.",
        summary_nl="Lokale politie, spoorwegpolitie en medewerkers van de vervoersmaatschappij patrouilleren samen, volgens één rooster.",
        theme="transport",
        plan="publication-pgsp",
        start=date(2025, 2, 3),
        end=None,
        mission="mission-police-zones",
        image="realisation-metro",
        partners=(ZONES, RAIL_POLICE, OPERATOR),
        police_zones=("5339", "5340", "5341", "5344"),
        figures=(
            figure("8", "stations suivies chaque semaine", "stations die elke week worden opgevolgd"),
            figure("3", "services dans une même équipe", "diensten in één ploeg"),
            figure("1", "plan de ronde partagé", "gedeeld patrouillerooster"),
        ),
        measure_fr="PGSP, mobilité et transports publics, mesure 3.1 (exemple)",
        measure_nl="GVPP, mobiliteit en openbaar vervoer, maatregel 3.1 (voorbeeld)",
        body=(
            text(
                """
                Dans une station, trois services pouvaient se croiser le même soir sans le savoir, puis plus personne
                le lendemain. Les partenaires ont donc mis leurs horaires en commun. Les équipes mixtes commencent par
                les lieux et les heures que les voyageurs disent éviter.

                L'objectif n'est pas de multiplier les contrôles, mais d'être là : répondre, orienter, intervenir tôt.
                """,
                """
                In een station konden drie diensten elkaar op dezelfde avond kruisen zonder het te weten, en was er de
                dag nadien niemand. De partners hebben daarom hun roosters samengelegd. Gemengde ploegen beginnen op de
                plaatsen en uren die reizigers zeggen te mijden.

                Het doel is niet meer controleren, wel aanwezig zijn: antwoorden, de weg wijzen, vroeg ingrijpen.
                """,
            ),
            steps(
                ("Le déroulement d'une ronde", "Hoe een patrouille verloopt"),
                (
                    "Se coordonner",
                    "Afstemmen",
                    "Un appel de dix minutes fixe les stations du soir.",
                    "Een gesprek van tien minuten legt de stations van de avond vast.",
                ),
                (
                    "Circuler",
                    "Rondgaan",
                    "Chaque équipe mixte reste visible sur les quais et dans les accès.",
                    "Elke gemengde ploeg blijft zichtbaar op de perrons en in de toegangen.",
                ),
                (
                    "Signaler",
                    "Melden",
                    "Un éclairage en panne ou un ascenseur bloqué est transmis aussitôt.",
                    "Defecte verlichting of een geblokkeerde lift wordt meteen doorgegeven.",
                ),
            ),
            quote(
                "Les gens nous demandent surtout leur chemin. C'est bon signe.",
                "De mensen vragen ons vooral de weg. Dat is een goed teken.",
                ("Une inspectrice, témoignage de démonstration", "Een inspectrice, demonstratiegetuigenis"),
            ),
        ),
    ),
    Realisation(
        key="realisation-night-tram",
        title_fr="Accompagner les derniers trams du week-end",
        title_nl="Begeleiding op de laatste trams van het weekend",
        slug_fr="derniers-trams",
        slug_nl="laatste-trams",
        summary_fr="Des stewards montent à bord après 23 heures, du vendredi au dimanche, sur trois lignes très fréquentées.",
        summary_nl="Van vrijdag tot zondag rijden er na 23 uur stewards mee op drie drukke lijnen.",
        theme="transport",
        plan="publication-pgsp",
        start=date(2024, 9, 6),
        end=date(2026, 6, 28),
        mission="mission-police-zones",
        image="realisation-night-tram",
        partners=(OPERATOR, ZONES, PREVENTION),
        police_zones=("5339", "5343"),
        municipalities=("21004", "21009", "21005"),
        figures=(
            figure("3", "lignes de tram", "tramlijnen"),
            figure("12", "stewards formés", "opgeleide stewards"),
            figure("92", "week-ends couverts", "weekends met begeleiding"),
        ),
        measure_fr="PGSP, mobilité et transports publics, mesure 3.4 (exemple)",
        measure_nl="GVPP, mobiliteit en openbaar vervoer, maatregel 3.4 (voorbeeld)",
        body=(
            text(
                """
                Le dernier tram est souvent le seul moyen de rentrer. Pour que chacun ose le prendre, des stewards formés
                à la médiation voyagent par deux, portent un gilet reconnaissable et restent en liaison avec le
                dispatching et la police.
                """,
                """
                De laatste tram is vaak de enige manier om thuis te raken. Opdat iedereen hem durft te nemen, reizen
                stewards met een opleiding bemiddeling per twee mee, in een herkenbaar hesje en in verbinding met de
                dispatching en de politie.
                """,
            ),
            heading("Ce que nous en retenons", "Wat we eruit leren"),
            text(
                """
                - Les voyageurs remarquent d'abord la régularité : mieux vaut toujours les mêmes trams.
                - La formation à deux langues compte autant que la formation à la médiation.
                - L'arrêt éclairé et vu de la rue rassure plus qu'une caméra de plus.
                """,
                """
                - Reizigers merken in de eerste plaats de regelmaat: beter altijd dezelfde trams.
                - Een opleiding in twee talen telt even zwaar als een opleiding bemiddeling.
                - Een verlichte halte die vanaf de straat zichtbaar is, stelt meer gerust dan een extra camera.
                """,
            ),
            text(
                "Le projet est terminé. L'opérateur en a repris le principe dans son organisation ordinaire.",
                "Het project is afgelopen. De vervoersmaatschappij nam het principe over in haar gewone werking.",
            ),
        ),
    ),
    Realisation(
        key="realisation-canal-bikes",
        title_fr="Des agents de quartier à vélo le long du canal",
        title_nl="Wijkinspecteurs op de fiets langs het kanaal",
        slug_fr="agents-a-velo-canal",
        slug_nl="wijkinspecteurs-op-de-fiets",
        summary_fr="Trois communes, trois zones, une seule berge : des patrouilles à vélo qui ne s'arrêtent plus aux limites.",
        summary_nl="Drie gemeenten, drie zones, één oever: fietspatrouilles die niet meer stoppen aan de grens.",
        theme="neighbourhood",
        plan="publication-pgsp",
        start=date(2025, 4, 1),
        end=None,
        mission="mission-police-zones",
        image="realisation-canal-bikes",
        partners=(ZONES, MUNICIPALITIES, Partner(name_fr="Gestionnaire du port", name_nl="Havenbeheerder")),
        police_zones=("5339", "5340", "5341"),
        municipalities=("21001", "21004", "21012"),
        figures=(
            figure(("14 km", "14 km"), "de berges parcourues", "oever afgelegd"),
            figure("24", "agents équipés", "uitgeruste agenten"),
        ),
        measure_fr="PGSP, ancrage local, mesure 5.2 (exemple)",
        measure_nl="GVPP, lokale verankering, maatregel 5.2 (voorbeeld)",
        body=(
            text(
                """
                À vélo, on va plus vite qu'à pied et l'on parle plus facilement qu'en voiture. Les agents de quartier de
                trois zones se relaient le long du canal, d'Anderlecht à Bruxelles, et connaissent les riverains, les
                bateliers et les équipes de nettoyage par leur nom.
                """,
                """
                Op de fiets gaat het sneller dan te voet en praat je makkelijker dan in een auto. Wijkinspecteurs van drie
                zones wisselen elkaar af langs het kanaal, van Anderlecht tot Brussel, en kennen de buurtbewoners, de
                schippers en de schoonmaakploegen bij naam.
                """,
            ),
            picture(
                "realisation-canal-bikes",
                "La berge est continue ; la patrouille l'est aussi.",
                "De oever loopt door; de patrouille ook.",
            ),
            text(
                """
                Un carnet commun remplace trois cahiers séparés. Ce qui est signalé le matin à Molenbeek-Saint-Jean est
                connu le soir à Anderlecht.
                """,
                """
                Eén gezamenlijk logboek vervangt drie aparte schriften. Wat 's morgens in Sint-Jans-Molenbeek wordt
                gemeld, weet men 's avonds ook in Anderlecht.
                """,
            ),
        ),
    ),
    Realisation(
        key="realisation-cameras",
        title_fr="Une plateforme partagée pour les caméras publiques",
        title_nl="Een gedeeld platform voor publieke camera's",
        slug_fr="plateforme-cameras",
        slug_nl="cameraplatform",
        summary_fr="Un seul système, des droits d'accès stricts et un registre public des emplacements.",
        summary_nl="Eén systeem, strikte toegangsrechten en een openbaar register van de locaties.",
        theme="technology",
        plan="publication-pgsp",
        start=date(2024, 1, 15),
        end=date(2025, 12, 19),
        mission="mission-police-zones",
        image="realisation-cameras",
        partners=(ZONES, MUNICIPALITIES, REGION),
        police_zones=("5339", "5340", "5341", "5342", "5343", "5344"),
        figures=(
            figure("6", "zones de police raccordées", "aangesloten politiezones"),
            figure("1", "registre public", "openbaar register"),
            figure(("30 jours", "30 dagen"), "de conservation au maximum", "bewaring, ten hoogste"),
        ),
        measure_fr="PGSP, moyens d'action, mesure 4.1 (exemple)",
        measure_nl="GVPP, middelen, maatregel 4.1 (voorbeeld)",
        body=(
            text(
                """
                Chaque zone exploitait ses caméras avec son matériel et ses contrats. La plateforme partagée réunit les
                images que la loi permet de partager et réduit les coûts d'entretien. Chaque consultation est
                enregistrée, avec son motif.
                """,
                """
                Elke zone beheerde haar camera's met eigen materiaal en eigen contracten. Het gedeelde platform brengt de
                beelden samen die volgens de wet gedeeld mogen worden, en verlaagt de onderhoudskosten. Elke raadpleging
                wordt geregistreerd, met de reden erbij.
                """,
            ),
            accordion(
                (
                    "Qui peut voir les images ?",
                    "Wie mag de beelden zien?",
                    "Seuls les policiers habilités, pour un motif prévu par la loi. Les administrations n'y ont pas accès.",
                    "Alleen bevoegde politiemensen, om een reden die in de wet staat. Besturen hebben geen toegang.",
                ),
                (
                    "Où se trouvent les caméras ?",
                    "Waar staan de camera's?",
                    "Chaque lieu filmé est signalé par un pictogramme. Le registre des emplacements est public.",
                    "Elke gefilmde plaats is met een pictogram aangeduid. Het register van de locaties is openbaar.",
                ),
                (
                    "Les visages sont-ils reconnus automatiquement ?",
                    "Worden gezichten automatisch herkend?",
                    "Non. La plateforme ne comporte aucune fonction de reconnaissance faciale.",
                    "Nee. Het platform heeft geen enkele functie voor gezichtsherkenning.",
                ),
            ),
        ),
    ),
    Realisation(
        key="realisation-tablets",
        title_fr="Une tablette pour chaque agent de quartier",
        title_nl="Een tablet voor elke wijkinspecteur",
        slug_fr="tablettes-de-terrain",
        slug_nl="tablets-op-het-terrein",
        summary_fr="Moins de retours au bureau, plus de temps dans la rue : l'agent consulte et encode sur place.",
        summary_nl="Minder ritten naar kantoor, meer tijd op straat: de inspecteur raadpleegt en noteert ter plaatse.",
        theme="technology",
        plan="publication-pgsp",
        start=date(2025, 9, 1),
        end=date(2027, 8, 31),
        mission="mission-police-zones",
        image="realisation-tablets",
        partners=(ZONES, REGION),
        police_zones=("5342", "5343"),
        figures=(
            figure("180", "tablettes distribuées", "verdeelde tablets"),
            figure(
                ("5 h", "5 u."), "gagnées par agent et par semaine", "gewonnen per inspecteur en per week"
            ),
        ),
        measure_fr="PGSP, moyens d'action, mesure 4.3 (exemple)",
        measure_nl="GVPP, middelen, maatregel 4.3 (voorbeeld)",
        body=(
            text(
                """
                Prendre note sur papier, rentrer, recopier : le travail de quartier se perdait en trajets. Deux zones
                pilotes essaient une tablette sécurisée qui fonctionne aussi sans réseau, dans une cave comme dans un
                parking.
                """,
                """
                Noteren op papier, terugkeren, overtikken: wijkwerking ging verloren in verplaatsingen. Twee pilootzones
                testen een beveiligde tablet die ook zonder netwerk werkt, in een kelder net zo goed als in een parking.
                """,
            ),
            table(
                ("Avant et avec la tablette", "Voor en met de tablet"),
                (("Tâche", "Taak"), ("Avant", "Voordien"), ("Avec la tablette", "Met de tablet")),
                (
                    ("Vérifier une adresse", "Een adres nagaan"),
                    ("Appel au commissariat", "Oproep naar het commissariaat"),
                    ("Consultation sur place", "Raadpleging ter plaatse"),
                ),
                (
                    ("Rédiger un constat", "Een vaststelling opmaken"),
                    ("Le soir, au bureau", "'s Avonds, op kantoor"),
                    ("Sur place, relu avec l'habitant", "Ter plaatse, nagelezen met de bewoner"),
                ),
                (
                    ("Signaler un dépôt d'immondices", "Sluikstort melden"),
                    ("Formulaire papier", "Papieren formulier"),
                    ("Envoi direct à la commune", "Rechtstreeks naar de gemeente"),
                ),
            ),
            text(
                "Une évaluation indépendante décidera, à mi-parcours, de l'extension aux autres zones.",
                "Een onafhankelijke evaluatie beslist halfweg over de uitbreiding naar de andere zones.",
            ),
        ),
    ),
    Realisation(
        key="realisation-lisa-station",
        title_fr="Une antenne LISA au pied de la gare",
        title_nl="Een LISA-antenne aan de voet van het station",
        slug_fr="antenne-lisa-gare",
        slug_nl="lisa-antenne-station",
        summary_fr="Entre Saint-Gilles et Anderlecht, un même comptoir pour les riverains, les commerçants et les voyageurs.",
        summary_nl="Tussen Sint-Gillis en Anderlecht, één loket voor buurtbewoners, handelaars en reizigers.",
        theme="lisa",
        plan="publication-pgsp",
        start=date(2026, 5, 18),
        end=None,
        mission="mission-lisa",
        image="realisation-lisa-station",
        partners=(MUNICIPALITIES, ZONES, RAIL_POLICE, ASSOCIATIONS),
        police_zones=("5341",),
        municipalities=("21001", "21013"),
        figures=(
            figure("6", "jours d'ouverture par semaine", "dagen open per week"),
            figure("4", "services sous le même toit", "diensten onder één dak"),
            figure(("20 h", "20 u."), "heure de fermeture en semaine", "sluitingsuur op weekdagen"),
        ),
        measure_fr="PGSP, ancrage local, mesure 5.1 (exemple)",
        measure_nl="GVPP, lokale verankering, maatregel 5.1 (voorbeeld)",
        body=(
            text(
                """
                Un quartier de gare appartient à tout le monde, et donc parfois à personne. L'antenne donne une adresse à
                celles et ceux qui y vivent, y travaillent ou ne font qu'y passer. Un agent communal et un policier y
                reçoivent ensemble ; une association assure une permanence sociale trois fois par semaine.
                """,
                """
                Een stationsbuurt is van iedereen, en daardoor soms van niemand. De antenne geeft een adres aan wie er
                woont, werkt of gewoon voorbijkomt. Een gemeentelijk medewerker en een politieagent ontvangen er samen;
                een vereniging houdt er drie keer per week een sociaal spreekuur.
                """,
            ),
            facts(
                figure(("1 sur 2", "1 op 2"), "demandes réglées sur place", "vragen ter plaatse opgelost"),
                figure(("48 h", "48 u."), "pour une première réponse", "voor een eerste antwoord"),
                source=("Chiffres inventés pour la démonstration", "Cijfers verzonnen voor de demonstratie"),
            ),
            heading("Passer à l'antenne", "Naar de antenne komen"),
            contact(WELCOME),
            call_to_action(
                "Envie de comprendre ce qu'est une antenne LISA ?",
                "Wilt u weten wat een LISA-antenne is?",
                ("La mission en détail", "De opdracht in detail"),
                page="mission-lisa",
            ),
        ),
    ),
    Realisation(
        key="realisation-lisa-van",
        title_fr="L'antenne mobile fait le tour des marchés",
        title_nl="De mobiele antenne trekt langs de markten",
        slug_fr="antenne-mobile-marches",
        slug_nl="mobiele-antenne-markten",
        summary_fr="Une camionnette équipée d'un guichet va chaque semaine là où les habitants se trouvent déjà.",
        summary_nl="Een bestelwagen met loket trekt elke week naar de plek waar de bewoners al zijn.",
        theme="lisa",
        plan="publication-pgsp",
        start=date(2025, 6, 2),
        end=date(2026, 12, 31),
        mission="mission-lisa",
        image="realisation-lisa-van",
        partners=(MUNICIPALITIES, ZONES, PREVENTION),
        police_zones=("5344",),
        municipalities=("21006", "21014", "21015"),
        figures=(
            figure("5", "marchés par semaine", "markten per week"),
            figure("2", "langues au moins à chaque permanence", "talen of meer bij elk spreekuur"),
        ),
        measure_fr="PGSP, ancrage local, mesure 5.3 (exemple)",
        measure_nl="GVPP, lokale verankering, maatregel 5.3 (voorbeeld)",
        body=(
            text(
                """
                Tout le monde ne pousse pas la porte d'un bureau. Au marché, on s'arrête volontiers. Un gardien de la paix
                et une inspectrice de quartier y répondent aux questions du jour : vélo volé, voisin bruyant, faux agent
                du gaz, démarche administrative.
                """,
                """
                Niet iedereen stapt een kantoor binnen. Op de markt blijft men wel eens staan. Een gemeenschapswacht en een
                wijkinspectrice beantwoorden er de vragen van de dag: een gestolen fiets, een luidruchtige buur, een valse
                gasbediende, een administratieve stap.
                """,
            ),
            table(
                ("La tournée type", "De vaste ronde"),
                (("Jour", "Dag"), ("Commune", "Gemeente"), ("Heures", "Uren")),
                (("Lundi", "Maandag"), ("Schaerbeek", "Schaarbeek"), ("8 h – 13 h", "8 – 13 uur")),
                (("Mardi", "Dinsdag"), "Evere", ("8 h – 13 h", "8 – 13 uur")),
                (
                    ("Jeudi", "Donderdag"),
                    ("Saint-Josse-ten-Noode", "Sint-Joost-ten-Node"),
                    ("8 h – 13 h", "8 – 13 uur"),
                ),
                (("Vendredi", "Vrijdag"), ("Schaerbeek", "Schaarbeek"), ("13 h – 18 h", "13 – 18 uur")),
            ),
        ),
    ),
    Realisation(
        key="realisation-shop-checks",
        title_fr="Des contrôles coordonnés dans les rues commerçantes",
        title_nl="Gecoördineerde controles in winkelstraten",
        slug_fr="controles-coordonnes",
        slug_nl="gecoordineerde-controles",
        summary_fr="Une visite au lieu de cinq : les inspections se déplacent ensemble, sur la base d'un même dossier.",
        summary_nl="Eén bezoek in plaats van vijf: inspecties gaan samen op pad, met één gemeenschappelijk dossier.",
        theme="organised-crime",
        plan="publication-pgsp",
        start=date(2024, 10, 1),
        end=None,
        mission="mission-organised-crime",
        image="realisation-shop-checks",
        partners=(MUNICIPALITIES, ZONES, SOCIAL_INSPECTION, JUSTICE),
        municipalities=("21012", "21015", "21001"),
        police_zones=("5340", "5341", "5344"),
        figures=(
            figure("24", "actions préparées ensemble", "samen voorbereide acties"),
            figure("5", "services autour d'un dossier", "diensten rond één dossier"),
        ),
        measure_fr="PGSP, criminalité organisée, mesure 2.2 (exemple)",
        measure_nl="GVPP, georganiseerde criminaliteit, maatregel 2.2 (voorbeeld)",
        body=(
            text(
                """
                Un commerce de façade se reconnaît rarement à un seul signe. Il faut rapprocher un permis, un bail, un
                relevé de consommation et un registre du personnel. Les services préparent donc la visite ensemble, se
                présentent une seule fois et se partagent les suites.
                """,
                """
                Een dekmantelzaak herken je zelden aan één teken. Je moet een vergunning, een huurcontract, een
                verbruiksmeting en een personeelsregister naast elkaar leggen. De diensten bereiden het bezoek daarom samen
                voor, komen één keer langs en verdelen het vervolg.
                """,
            ),
            steps(
                ("Une action en quatre temps", "Een actie in vier stappen"),
                (
                    "Choisir",
                    "Kiezen",
                    "La commune propose les rues, les partenaires complètent.",
                    "De gemeente stelt straten voor, de partners vullen aan.",
                ),
                (
                    "Vérifier",
                    "Nagaan",
                    "Chaque service vérifie ce que la loi lui permet de partager.",
                    "Elke dienst gaat na wat hij volgens de wet mag delen.",
                ),
                (
                    "Contrôler",
                    "Controleren",
                    "La visite est annoncée au parquet et suit une liste commune.",
                    "Het bezoek wordt aan het parket gemeld en volgt één checklist.",
                ),
                (
                    "Conclure",
                    "Afronden",
                    "Le commerçant reçoit un compte rendu clair, dans sa langue.",
                    "De handelaar krijgt een duidelijk verslag, in zijn taal.",
                ),
            ),
            text(
                "La grande majorité des commerçants sont en règle. Le contrôle commun leur fait gagner du temps et protège leur rue.",
                "De grote meerderheid van de handelaars is in orde. Een gezamenlijke controle bespaart hun tijd en beschermt hun straat.",
            ),
        ),
    ),
    Realisation(
        key="realisation-support-desk",
        title_fr="Un point d'appui juridique pour les dix-neuf communes",
        title_nl="Een juridisch steunpunt voor de negentien gemeenten",
        slug_fr="point-appui-communes",
        slug_nl="steunpunt-gemeenten",
        summary_fr="Une question sur un permis suspect ? Une réponse écrite dans les cinq jours ouvrables.",
        summary_nl="Een vraag over een verdachte vergunning? Binnen vijf werkdagen een schriftelijk antwoord.",
        theme="organised-crime",
        plan="publication-pgsp",
        start=date(2025, 1, 6),
        end=None,
        mission="mission-organised-crime",
        image="realisation-support-desk",
        partners=(MUNICIPALITIES, JUSTICE, REGION),
        municipalities=tuple(str(nis) for nis in range(21001, 21020)),
        figures=(
            figure(
                "19",
                "communes ayant accès au point d'appui",
                "gemeenten met toegang tot het steunpunt",
                ("donnée structurelle", "structureel gegeven"),
            ),
            figure("5", "jours ouvrables pour répondre", "werkdagen om te antwoorden"),
        ),
        measure_fr="PGSP, criminalité organisée, mesure 2.1 (exemple)",
        measure_nl="GVPP, georganiseerde criminaliteit, maatregel 2.1 (voorbeeld)",
        body=(
            text(
                """
                Une petite commune n'a pas toujours un juriste spécialisé. Le point d'appui répond par écrit, renvoie aux
                textes et propose un modèle de décision. Les réponses utiles à tous sont publiées, sans nom, dans la
                bibliothèque des partenaires.
                """,
                """
                Niet elke kleine gemeente heeft een gespecialiseerde jurist. Het steunpunt antwoordt schriftelijk, verwijst
                naar de teksten en stelt een modelbeslissing voor. Antwoorden waar iedereen iets aan heeft, komen zonder
                naam in de bibliotheek van de partners.
                """,
            ),
            accordion(
                (
                    "Qui peut poser une question ?",
                    "Wie kan een vraag stellen?",
                    "Les services communaux et les zones de police. Les particuliers s'adressent à leur commune.",
                    "Gemeentediensten en politiezones. Particulieren richten zich tot hun gemeente.",
                ),
                (
                    "Le point d'appui décide-t-il à la place de la commune ?",
                    "Beslist het steunpunt in de plaats van de gemeente?",
                    "Non. Il conseille ; la décision et sa motivation restent à la commune.",
                    "Nee. Het geeft advies; de beslissing en de motivering blijven bij de gemeente.",
                ),
            ),
        ),
    ),
    Realisation(
        key="realisation-dialogue",
        title_fr="Des cercles de parole dans les écoles secondaires",
        title_nl="Gesprekskringen in secundaire scholen",
        slug_fr="cercles-de-parole-ecoles",
        slug_nl="gesprekskringen-scholen",
        summary_fr="Parler de sujets qui divisent sans se diviser : des élèves s'y exercent avec deux animateurs formés.",
        summary_nl="Praten over wat verdeelt zonder verdeeld te raken: leerlingen oefenen het met twee opgeleide begeleiders.",
        theme="polarisation",
        plan="publication-pgsp",
        start=date(2025, 9, 15),
        end=date(2026, 6, 26),
        mission="mission-platforms",
        image="realisation-dialogue",
        partners=(SCHOOLS, ASSOCIATIONS, PREVENTION),
        municipalities=("21004", "21007", "21010", "21015"),
        figures=(
            figure("16", "classes participantes", "deelnemende klassen"),
            figure("2", "réseaux linguistiques", "taalnetten"),
            figure("6", "séances par classe", "sessies per klas"),
        ),
        measure_fr="PGSP, polarisation et radicalisation, mesure 6.2 (exemple)",
        measure_nl="GVPP, polarisering en radicalisering, maatregel 6.2 (voorbeeld)",
        body=(
            text(
                """
                Une actualité internationale, une rumeur en ligne, une remarque de trop : une classe peut se scinder en une
                matinée. Les cercles de parole donnent des règles simples. On parle en « je », on reformule avant de
                répondre, on a le droit de ne pas savoir.
                """,
                """
                Een internationale gebeurtenis, een gerucht op het net, een opmerking te veel: een klas kan op één ochtend
                in twee breken. De gesprekskringen geven eenvoudige regels. Je spreekt in de ik-vorm, je vat samen voor je
                antwoordt, en je mag iets niet weten.
                """,
            ),
            picture("realisation-dialogue"),
            quote(
                "On n'était pas d'accord à la fin non plus. Mais on s'était écoutés.",
                "Op het einde waren we het nog altijd niet eens. Maar we hadden geluisterd.",
                (
                    "Un élève de cinquième, témoignage de démonstration",
                    "Een leerling van het vijfde jaar, demonstratiegetuigenis",
                ),
            ),
            text(
                """
                Le guide d'animation est partagé avec les membres de la [plateforme régionale](key:mission-platforms). Une
                école francophone et une école néerlandophone mènent chaque année une séance ensemble.
                """,
                """
                De begeleidersgids wordt gedeeld met de leden van het [gewestelijk platform](key:mission-platforms). Elk jaar
                houden een Nederlandstalige en een Franstalige school samen een sessie.
                """,
            ),
        ),
    ),
    Realisation(
        key="realisation-parks",
        title_fr="Une équipe de gardiens pour trois parcs voisins",
        title_nl="Eén ploeg parkwachters voor drie naburige parken",
        slug_fr="gardiens-trois-parcs",
        slug_nl="parkwachters-drie-parken",
        summary_fr="Jette, Ganshoren et Koekelberg partagent leurs gardiens de parc, leurs horaires et un numéro commun.",
        summary_nl="Jette, Ganshoren en Koekelberg delen hun parkwachters, hun uurroosters en één aanspreekpunt.",
        theme="neighbourhood",
        plan="publication-local",
        start=date(2024, 5, 1),
        end=date(2027, 4, 30),
        mission="mission-local-prevention",
        image="realisation-parks",
        partners=(MUNICIPALITIES, PREVENTION, ASSOCIATIONS),
        municipalities=("21008", "21010", "21011"),
        figures=(
            figure("3", "communes associées", "betrokken gemeenten"),
            figure("9", "gardiens dans une même équipe", "parkwachters in één ploeg"),
            figure(("22 h", "22 u."), "fin du service en été", "einde van de dienst in de zomer"),
        ),
        measure_fr="PLPP intercommunal, action 1.4 (exemple)",
        measure_nl="Intergemeentelijk preventie- en buurtplan, actie 1.4 (voorbeeld)",
        body=(
            text(
                """
                Les jeunes passent d'un parc à l'autre dans la même soirée ; les gardiens, eux, s'arrêtaient à la limite
                communale. Depuis qu'ils forment une seule équipe, ils retrouvent les mêmes visages et désamorcent les
                tensions plus tôt.
                """,
                """
                Jongeren trekken op één avond van het ene park naar het andere; de wachters stopten aan de gemeentegrens.
                Sinds ze één ploeg vormen, zien ze dezelfde gezichten terug en ontmijnen ze spanningen vroeger.
                """,
            ),
            heading("Ce que disent les habitants", "Wat de bewoners zeggen"),
            text(
                """
                Une enquête menée sur les bancs mêmes du parc a fait ressortir trois demandes : des heures de passage
                connues, des toilettes ouvertes et un éclairage qui suit les saisons. Les deux premières sont réglées.
                """,
                """
                Een bevraging op de parkbanken zelf leverde drie wensen op: vaste uren waarop de ploeg langskomt, open
                toiletten en verlichting die de seizoenen volgt. De eerste twee zijn in orde.
                """,
            ),
            facts(
                figure(
                    ("2 sur 3", "2 op 3"), "demandes d'habitants réalisées", "wensen van bewoners ingelost"
                ),
                source=("Chiffre inventé pour la démonstration", "Cijfer verzonnen voor de demonstratie"),
            ),
        ),
    ),
    Realisation(
        key="realisation-flood-exercise",
        title_fr="Un exercice inondation dans la vallée de la Woluwe",
        title_nl="Een overstromingsoefening in de Woluwevallei",
        slug_fr="exercice-inondation-woluwe",
        slug_nl="overstromingsoefening-woluwe",
        summary_fr="Une journée pour répéter les gestes, tester les messages bilingues et repérer ce qui manque.",
        summary_nl="Een dag om handelingen te oefenen, tweetalige berichten te testen en te zien wat ontbreekt.",
        theme="crisis",
        plan="publication-pgsp",
        start=date(2026, 6, 11),
        end=date(2026, 6, 11),
        mission="mission-coordination",
        image="realisation-flood-exercise",
        partners=(FIRE_SERVICE, ZONES, MUNICIPALITIES, REGION),
        police_zones=("5342", "5343"),
        municipalities=("21002", "21017", "21018", "21019"),
        figures=(
            figure("4", "communes participantes", "deelnemende gemeenten"),
            figure("120", "participants", "deelnemers"),
            figure("31", "points d'amélioration", "verbeterpunten"),
        ),
        measure_fr="PGSP, gestion de crise et résilience, mesure 7.3 (exemple)",
        measure_nl="GVPP, crisisbeheer en veerkracht, maatregel 7.3 (voorbeeld)",
        body=(
            text(
                """
                Le scénario : un orage s'installe, un bassin déborde, une maison de repos doit être évacuée. Secours,
                police et communes ont joué la journée en temps réel, avec des figurants et de vraies camionnettes, mais
                sans déranger la circulation.
                """,
                """
                Het scenario: een onweer blijft hangen, een bekken loopt over, een rusthuis moet worden ontruimd.
                Hulpdiensten, politie en gemeenten speelden de dag in echte tijd, met figuranten en echte bestelwagens,
                maar zonder het verkeer te hinderen.
                """,
            ),
            steps(
                ("Trois leçons", "Drie lessen"),
                (
                    "Écrire les consignes d'avance",
                    "Richtlijnen vooraf schrijven",
                    "Les messages préparés sont partis quatre fois plus vite que les messages improvisés.",
                    "Vooraf klaargezette berichten vertrokken vier keer sneller dan geïmproviseerde.",
                ),
                (
                    "Relire les deux langues ensemble",
                    "Beide talen samen nalezen",
                    "Une seule personne relit le français et le néerlandais côte à côte, puis publie une fois.",
                    "Eén persoon leest het Nederlands en het Frans naast elkaar na, en publiceert dan in één keer.",
                ),
                (
                    "Annoncer la fin",
                    "Het einde aankondigen",
                    "Sans message de fin d'alerte, les appels continuent pendant des heures.",
                    "Zonder bericht dat het voorbij is, blijven de oproepen urenlang binnenlopen.",
                ),
            ),
            call_to_action(
                "Que faire et qui appeler en cas d'inondation ?",
                "Wat doen en wie bellen bij een overstroming?",
                ("Numéros d'urgence", "Noodnummers"),
                page="emergency-numbers",
            ),
        ),
    ),
)
