# ruff: noqa: E501 - prose breaks where its sense does
"""Four publications and the text of their documents, all versions made for the demonstration."""

from __future__ import annotations

from datetime import date

from home.demo.shapes import (
    DemoDocument,
    Publication,
    Section,
    call_to_action,
    facts,
    figure,
    heading,
    table,
    text,
)

ABOUT = Section(
    heading_fr="À propos de ce document",
    heading_nl="Over dit document",
    paragraphs_fr=(
        "Ce document a été écrit pour la démonstration du site Vigie. Il en imite la forme, non le contenu officiel : "
        "les mesures, les calendriers et les chiffres n'engagent aucune autorité.",
        "Une version sous une autre forme (grands caractères, texte simple, lecture par téléphone) s'obtient au guichet, "
        "par la poste ou au +32 2 000 00 00.",
    ),
    paragraphs_nl=(
        "Dit document is geschreven voor de demonstratie van de site Vigie. Het volgt de vorm, niet de officiële inhoud: "
        "maatregelen, kalenders en cijfers binden geen enkele overheid.",
        "Een versie in een andere vorm (groot lettertype, eenvoudige tekst, voorlezing per telefoon) krijgt u aan het "
        "loket, per post of op +32 2 000 00 00.",
    ),
)

DOCUMENTS = (
    DemoDocument(
        key="document-pgsp",
        title_fr="Plan global de sécurité et de prévention : synthèse",
        title_nl="Globaal Veiligheids- en Preventieplan: samenvatting",
        filename_fr="plan-global-synthese.pdf",
        filename_nl="globaal-plan-samenvatting.pdf",
        date=date(2026, 3, 12),
        subtitle_fr="Période 2025-2029, version de démonstration",
        subtitle_nl="Periode 2025-2029, demonstratieversie",
        sections=(
            ABOUT,
            Section(
                heading_fr="À quoi sert le plan",
                heading_nl="Waartoe het plan dient",
                paragraphs_fr=(
                    "Le Plan global de sécurité et de prévention (PGSP) donne une direction commune à celles et ceux qui "
                    "agissent pour la sécurité dans l'arrondissement de Bruxelles-Capitale. Il ne remplace aucun plan "
                    "local : il les relie.",
                    "La loi du 7 décembre 1998 demande que les plans zonaux de sécurité tiennent compte du PGSP. Les "
                    "communes s'y réfèrent pour leurs plans locaux de prévention et de proximité.",
                ),
                paragraphs_nl=(
                    "Het Globaal Veiligheids- en Preventieplan (GVPP) geeft een gemeenschappelijke richting aan wie zich in "
                    "het arrondissement Brussel-Hoofdstad voor veiligheid inzet. Het vervangt geen enkel lokaal plan: het "
                    "verbindt ze.",
                    "De wet van 7 december 1998 vraagt dat de zonale veiligheidsplannen rekening houden met het GVPP. De "
                    "gemeenten verwijzen ernaar in hun lokale preventie- en buurtplannen.",
                ),
            ),
            Section(
                heading_fr="Sept priorités",
                heading_nl="Zeven prioriteiten",
                paragraphs_fr=(
                    "Chaque priorité réunit quelques mesures, un pilote et une date d'évaluation.",
                    "- Prévenir la violence et soutenir les victimes.",
                    "- Freiner la criminalité organisée, aussi par la voie administrative.",
                    "- Rendre les transports publics sûrs à toute heure.",
                    "- Donner aux services des moyens d'action partagés.",
                    "- Ancrer l'action publique dans les quartiers.",
                    "- Prévenir la polarisation et la radicalisation.",
                    "- Se préparer aux crises et apprendre d'elles.",
                ),
                paragraphs_nl=(
                    "Elke prioriteit omvat enkele maatregelen, een trekker en een evaluatiedatum.",
                    "- Geweld voorkomen en slachtoffers bijstaan.",
                    "- Georganiseerde criminaliteit afremmen, ook langs bestuurlijke weg.",
                    "- Het openbaar vervoer op elk uur veilig maken.",
                    "- Diensten gedeelde middelen geven.",
                    "- Het overheidsoptreden verankeren in de wijken.",
                    "- Polarisering en radicalisering voorkomen.",
                    "- Crisissen voorbereiden en eruit leren.",
                ),
            ),
            Section(
                heading_fr="Comment le plan est suivi",
                heading_nl="Hoe het plan wordt opgevolgd",
                paragraphs_fr=(
                    "Un comité de suivi se réunit tous les six mois. Il regarde ce qui a été fait, ce qui a pris du retard "
                    "et ce qu'il faut abandonner. Ses conclusions sont publiées.",
                    "À mi-parcours, une évaluation externe mesure l'effet des principales mesures et propose des corrections.",
                ),
                paragraphs_nl=(
                    "Een opvolgingscomité komt om de zes maanden samen. Het bekijkt wat gebeurd is, wat vertraging heeft en "
                    "wat beter geschrapt wordt. De conclusies worden bekendgemaakt.",
                    "Halfweg meet een externe evaluatie het effect van de belangrijkste maatregelen en stelt ze bijsturingen voor.",
                ),
            ),
            Section(
                heading_fr="Qui fait quoi",
                heading_nl="Wie doet wat",
                paragraphs_fr=(
                    "- L'autorité régionale coordonne, finance et évalue.",
                    "- Les zones de police traduisent les priorités dans leur plan zonal.",
                    "- Les communes adoptent leur plan local et engagent les équipes de proximité.",
                    "- Les services de secours préparent et conduisent les interventions.",
                    "- Les associations apportent leur connaissance des publics et du terrain.",
                ),
                paragraphs_nl=(
                    "- De gewestelijke overheid coördineert, financiert en evalueert.",
                    "- De politiezones vertalen de prioriteiten in hun zonaal plan.",
                    "- De gemeenten keuren hun lokaal plan goed en werven de buurtploegen aan.",
                    "- De hulpdiensten bereiden interventies voor en leiden ze.",
                    "- De verenigingen brengen hun kennis van doelgroepen en terrein in.",
                ),
            ),
        ),
    ),
    DemoDocument(
        key="document-zonal",
        title_fr="Plan zonal de sécurité : guide de lecture",
        title_nl="Zonaal veiligheidsplan: leeswijzer",
        filename_fr="plan-zonal-guide-de-lecture.pdf",
        filename_nl="zonaal-plan-leeswijzer.pdf",
        date=date(2026, 4, 20),
        subtitle_fr="Période 2026-2029, version de démonstration",
        subtitle_nl="Periode 2026-2029, demonstratieversie",
        sections=(
            ABOUT,
            Section(
                heading_fr="Un plan par zone, six plans pour la Région",
                heading_nl="Eén plan per zone, zes plannen voor het Gewest",
                paragraphs_fr=(
                    "Le plan zonal de sécurité (PZS) dit ce que la police locale d'une zone veut obtenir en quatre ans, avec "
                    "quels partenaires et par quels moyens. Le conseil zonal de sécurité le prépare ; il réunit les "
                    "bourgmestres, le procureur du Roi, le chef de corps et la police fédérale.",
                    "La Région compte six zones. Leurs limites suivent celles des communes ; un code postal, lui, peut "
                    "appartenir à deux communes. Partez donc toujours de la commune.",
                ),
                paragraphs_nl=(
                    "Het zonaal veiligheidsplan (ZVP) zegt wat de lokale politie van een zone in vier jaar wil bereiken, met "
                    "welke partners en met welke middelen. De zonale veiligheidsraad bereidt het voor; daarin zitten de "
                    "burgemeesters, de procureur des Konings, de korpschef en de federale politie.",
                    "Het Gewest telt zes zones. Hun grenzen volgen die van de gemeenten; een postcode daarentegen kan bij twee "
                    "gemeenten horen. Vertrek dus altijd van de gemeente.",
                ),
            ),
            Section(
                heading_fr="Lire un plan en quatre questions",
                heading_nl="Een plan lezen met vier vragen",
                paragraphs_fr=(
                    "- Que constate la zone ? Le diagnostic réunit chiffres, enquêtes et paroles d'habitants.",
                    "- Que veut-elle changer ? Les objectifs sont peu nombreux et datés.",
                    "- Que fait-elle concrètement ? Les actions nomment un responsable.",
                    "- Comment saura-t-elle que cela marche ? Les indicateurs se lisent chaque année.",
                ),
                paragraphs_nl=(
                    "- Wat stelt de zone vast? De diagnose bundelt cijfers, bevragingen en stemmen van bewoners.",
                    "- Wat wil ze veranderen? De doelstellingen zijn beperkt in aantal en hebben een datum.",
                    "- Wat doet ze concreet? Bij elke actie staat een verantwoordelijke.",
                    "- Hoe weet ze of het werkt? De indicatoren worden elk jaar afgelezen.",
                ),
            ),
            Section(
                heading_fr="Le lien avec le plan global",
                heading_nl="Het verband met het globaal plan",
                paragraphs_fr=(
                    "Une colonne du plan renvoie, action par action, à la mesure correspondante du PGSP. C'est elle qui permet "
                    "de demander un soutien régional pour un projet.",
                    "Si les six zones sont un jour réunies, leurs plans resteront le point de départ du plan commun.",
                ),
                paragraphs_nl=(
                    "Een kolom in het plan verwijst per actie naar de overeenkomstige maatregel van het GVPP. Op grond daarvan kan "
                    "een project gewestelijke steun vragen.",
                    "Worden de zes zones ooit samengevoegd, dan blijven hun plannen het vertrekpunt voor het gezamenlijke plan.",
                ),
            ),
        ),
    ),
    DemoDocument(
        key="document-local",
        title_fr="Plans locaux de prévention et de proximité : cadre commun",
        title_nl="Lokale preventie- en buurtplannen: gemeenschappelijk kader",
        filename_fr="plans-locaux-cadre-commun.pdf",
        filename_nl="lokale-plannen-gemeenschappelijk-kader.pdf",
        date=date(2026, 1, 22),
        subtitle_fr="Période 2026-2029, version de démonstration",
        subtitle_nl="Periode 2026-2029, demonstratieversie",
        sections=(
            ABOUT,
            Section(
                heading_fr="Pourquoi un cadre commun",
                heading_nl="Waarom een gemeenschappelijk kader",
                paragraphs_fr=(
                    "Dix-neuf communes, dix-neuf réalités. Chacune écrit son plan local de prévention et de proximité (PLPP) à "
                    "partir de ce qu'elle voit. Le cadre commun ne dit pas quoi faire ; il dit comment le raconter, pour que "
                    "les communes puissent se comparer et s'entraider.",
                ),
                paragraphs_nl=(
                    "Negentien gemeenten, negentien werkelijkheden. Elke gemeente schrijft haar lokaal preventie- en buurtplan "
                    "vanuit wat ze ziet. Het kader zegt niet wat er moet gebeuren; het zegt hoe je het beschrijft, zodat "
                    "gemeenten zich kunnen vergelijken en elkaar kunnen helpen.",
                ),
            ),
            Section(
                heading_fr="Ce que contient un plan",
                heading_nl="Wat een plan bevat",
                paragraphs_fr=(
                    "- Un diagnostic local, mené avec les habitants.",
                    "- Trois à cinq objectifs, formulés en changements attendus.",
                    "- Les équipes engagées : gardiens de la paix, médiation, travail de rue.",
                    "- Un budget et un calendrier.",
                    "- Une évaluation annuelle, partagée avec les autres communes.",
                ),
                paragraphs_nl=(
                    "- Een lokale diagnose, samen met de bewoners.",
                    "- Drie tot vijf doelstellingen, geformuleerd als verwachte verandering.",
                    "- De ingezette ploegen: gemeenschapswachten, bemiddeling, straathoekwerk.",
                    "- Een begroting en een kalender.",
                    "- Een jaarlijkse evaluatie, gedeeld met de andere gemeenten.",
                ),
            ),
            Section(
                heading_fr="Critères d'un projet intercommunal",
                heading_nl="Criteria voor een intergemeentelijk project",
                paragraphs_fr=(
                    "Un projet intercommunal répond à un besoin qui ne s'arrête pas à une limite : un parc, une ligne, un axe "
                    "commerçant, un public. Les communes désignent un pilote, partagent les coûts et parlent d'une seule voix "
                    "aux habitants.",
                    "Le soutien régional couvre au plus la durée du plan. Un bilan commun est remis avant toute prolongation.",
                ),
                paragraphs_nl=(
                    "Een intergemeentelijk project beantwoordt een nood die niet stopt aan een grens: een park, een lijn, een "
                    "winkelas, een doelgroep. De gemeenten duiden een trekker aan, delen de kosten en spreken de bewoners met "
                    "één stem toe.",
                    "De gewestelijke steun loopt ten hoogste zo lang als het plan. Vóór elke verlenging is er een gezamenlijke balans.",
                ),
            ),
        ),
    ),
    DemoDocument(
        key="document-report",
        title_fr="Rapport annuel 2025",
        title_nl="Jaarverslag 2025",
        filename_fr="rapport-annuel-2025.pdf",
        filename_nl="jaarverslag-2025.pdf",
        date=date(2026, 3, 31),
        subtitle_fr="Activités, organisation et moyens, version de démonstration",
        subtitle_nl="Activiteiten, organisatie en middelen, demonstratieversie",
        sections=(
            ABOUT,
            Section(
                heading_fr="L'année en bref",
                heading_nl="Het jaar in het kort",
                paragraphs_fr=(
                    "L'année a été celle des projets communs : une présence coordonnée dans les stations de métro, des agents à "
                    "vélo le long du canal, un point d'appui juridique pour les dix-neuf communes.",
                    "Elle a aussi été celle de la mesure. Chaque projet soutenu dit désormais, dès le départ, à quoi l'on "
                    "reconnaîtra qu'il a réussi.",
                ),
                paragraphs_nl=(
                    "Het was het jaar van de gezamenlijke projecten: gecoördineerde aanwezigheid in de metrostations, agenten op "
                    "de fiets langs het kanaal, een juridisch steunpunt voor de negentien gemeenten.",
                    "Het was ook het jaar van het meten. Elk gesteund project zegt voortaan van bij de start waaraan men zal "
                    "zien dat het geslaagd is.",
                ),
            ),
            Section(
                heading_fr="Six missions, six bilans",
                heading_nl="Zes opdrachten, zes balansen",
                paragraphs_fr=(
                    "- Coordination : un plan commun pour les grands événements du centre.",
                    "- Zones de police : deux zones pilotes pour la tablette de terrain.",
                    "- Prévention locale : une équipe de gardiens pour trois parcs.",
                    "- Antennes LISA : une antenne mobile sur les marchés du nord.",
                    "- Approche administrative : des contrôles préparés à plusieurs services.",
                    "- Plateformes : des cercles de parole dans les écoles des deux Communautés.",
                ),
                paragraphs_nl=(
                    "- Coördinatie: één plan voor de grote evenementen in het centrum.",
                    "- Politiezones: twee pilootzones voor de tablet op het terrein.",
                    "- Lokale preventie: één ploeg parkwachters voor drie parken.",
                    "- LISA-antennes: een mobiele antenne op de markten in het noorden.",
                    "- Bestuurlijke aanpak: controles die door verschillende diensten worden voorbereid.",
                    "- Platformen: gesprekskringen in scholen van beide Gemeenschappen.",
                ),
            ),
            Section(
                heading_fr="Ce que nous ferons mieux",
                heading_nl="Wat we beter zullen doen",
                paragraphs_fr=(
                    "Certains messages sont encore partis dans une langue avant l'autre. Depuis, aucune page ne peut plus être "
                    "publiée tant que les deux versions ne sont pas complètes.",
                    "Les partenaires demandent des formulaires plus courts et des réponses plus rapides. Un dossier unique sera "
                    "proposé pour l'appel à projets 2027.",
                ),
                paragraphs_nl=(
                    "Sommige berichten vertrokken nog in de ene taal vóór de andere. Sindsdien kan geen enkele pagina nog online "
                    "zolang niet beide versies volledig zijn.",
                    "De partners vragen kortere formulieren en snellere antwoorden. Voor de projectoproep 2027 komt er één dossier.",
                ),
            ),
        ),
    ),
)

PUBLICATIONS = (
    Publication(
        key="publication-pgsp",
        title_fr="Plan global de sécurité et de prévention (PGSP)",
        title_nl="Globaal Veiligheids- en Preventieplan (GVPP)",
        slug_fr="plan-global-securite-prevention",
        slug_nl="globaal-veiligheids-en-preventieplan",
        summary_fr="Les sept priorités régionales, leur suivi et le rôle de chacun, en quelques pages.",
        summary_nl="De zeven gewestelijke prioriteiten, hun opvolging en ieders rol, in enkele bladzijden.",
        kind="pgsp",
        date=date(2026, 3, 12),
        period_start=2025,
        period_end=2029,
        document="document-pgsp",
        body=(
            text(
                """
                Le PGSP est la boussole : il fixe les priorités que les plans zonaux et locaux prennent ensuite en compte.
                Cette synthèse de démonstration en montre la forme.
                """,
                """
                Het GVPP is het kompas: het legt de prioriteiten vast waarmee de zonale en lokale plannen daarna rekening
                houden. Deze demonstratiesamenvatting toont er de vorm van.
                """,
            ),
            table(
                ("Trois niveaux de plans", "Drie niveaus van plannen"),
                (("Plan", "Plan"), ("Qui l'adopte", "Wie het goedkeurt"), ("Portée", "Reikwijdte")),
                (("PGSP", "GVPP"), ("La Région", "Het Gewest"), ("19 communes", "19 gemeenten")),
                (
                    ("PZS", "ZVP"),
                    ("Chaque zone de police", "Elke politiezone"),
                    ("2 à 5 communes", "2 tot 5 gemeenten"),
                ),
                (
                    ("PLPP", "Lokaal preventie- en buurtplan"),
                    ("Chaque commune", "Elke gemeente"),
                    ("1 commune", "1 gemeente"),
                ),
            ),
        ),
    ),
    Publication(
        key="publication-zonal",
        title_fr="Plans zonaux de sécurité : guide de lecture",
        title_nl="Zonale veiligheidsplannen: leeswijzer",
        slug_fr="plans-zonaux-guide-de-lecture",
        slug_nl="zonale-plannen-leeswijzer",
        summary_fr="Quatre questions pour lire le plan de votre zone de police sans être spécialiste.",
        summary_nl="Vier vragen om het plan van uw politiezone te lezen zonder specialist te zijn.",
        kind="zonal",
        date=date(2026, 4, 20),
        period_start=2026,
        period_end=2029,
        document="document-zonal",
        body=(
            text(
                """
                Chaque zone de police publie son plan. Ce guide aide à y trouver ce qui concerne votre rue, et montre le
                lien avec les [priorités régionales](key:publication-pgsp).
                """,
                """
                Elke politiezone maakt haar plan bekend. Deze leeswijzer helpt u erin te vinden wat uw straat aanbelangt, en
                toont het verband met de [gewestelijke prioriteiten](key:publication-pgsp).
                """,
            ),
            call_to_action(
                "De quelle zone de police dépend votre commune ?",
                "Onder welke politiezone valt uw gemeente?",
                ("Voir les six zones", "De zes zones bekijken"),
                page="mission-police-zones",
            ),
        ),
    ),
    Publication(
        key="publication-local",
        title_fr="Plans locaux de prévention et de proximité : cadre commun",
        title_nl="Lokale preventie- en buurtplannen: gemeenschappelijk kader",
        slug_fr="plans-locaux-cadre-commun",
        slug_nl="lokale-plannen-gemeenschappelijk-kader",
        summary_fr="Ce que les dix-neuf plans locaux ont en commun, et les critères des projets entre communes.",
        summary_nl="Wat de negentien lokale plannen gemeen hebben, en de criteria voor projecten tussen gemeenten.",
        kind="local",
        date=date(2026, 1, 22),
        period_start=2026,
        period_end=2029,
        document="document-local",
        body=(
            text(
                """
                Le cadre s'adresse aux services communaux de prévention et à leurs partenaires. Il a été relu lors des
                rencontres avec les partenaires subventionnés.
                """,
                """
                Het kader is bedoeld voor de gemeentelijke preventiediensten en hun partners. Het werd nagelezen op het
                overleg met de gesubsidieerde partners.
                """,
            ),
            heading("En chiffres", "In cijfers"),
            facts(
                figure("19", "plans locaux", "lokale plannen", ("un par commune", "één per gemeente")),
                figure(("4 ans", "4 jaar"), "durée d'un plan", "duur van een plan"),
            ),
        ),
    ),
    Publication(
        key="publication-report",
        title_fr="Rapport annuel 2025",
        title_nl="Jaarverslag 2025",
        slug_fr="rapport-annuel-2025",
        slug_nl="jaarverslag-2025",
        summary_fr="Ce qui a été fait, ce qui a été appris et ce qui sera fait autrement.",
        summary_nl="Wat gedaan is, wat geleerd is en wat voortaan anders gaat.",
        kind="report",
        date=date(2026, 3, 31),
        period_start=2025,
        period_end=2025,
        document="document-report",
        body=(
            text(
                """
                Le rapport suit l'ordre de nos [six missions](key:missions) et renvoie aux
                [réalisations](key:realisations) correspondantes. Les comptes et les inventaires de subventions figurent à
                la page [Transparence](key:page-transparency).
                """,
                """
                Het verslag volgt de volgorde van onze [zes opdrachten](key:missions) en verwijst naar de bijbehorende
                [realisaties](key:realisations). De rekeningen en de subsidie-inventarissen vindt u op de pagina
                [Transparantie](key:page-transparency).
                """,
            ),
        ),
    ),
)
