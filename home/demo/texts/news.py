# ruff: noqa: E501 - prose breaks where its sense does
"""Ten news articles, newest first. Events are made up for the demonstration."""

from __future__ import annotations

from datetime import date

from home.demo.shapes import (
    Article,
    accordion,
    call_to_action,
    documents,
    heading,
    quote,
    steps,
    table,
    text,
)
from home.demo.texts.images import picture

ARTICLES = (
    Article(
        key="news-winter",
        title_fr="Fêtes de fin d'année : un dispositif commun dans le centre",
        title_nl="Eindejaarsfeesten: één gezamenlijk plan voor het centrum",
        slug_fr="fetes-fin-annee-dispositif",
        slug_nl="eindejaarsfeesten-gezamenlijk-plan",
        summary_fr="Police, secours, stewards et organisateurs se sont accordés sur les accès, les postes de secours et l'information du public.",
        summary_nl="Politie, hulpdiensten, stewards en organisatoren maakten afspraken over toegangen, hulpposten en informatie.",
        date=date(2026, 11, 19),
        theme="field",
        image="news-winter",
        mission="mission-coordination",
        body=(
            text(
                """
                Du 27 novembre au 3 janvier, le centre de Bruxelles accueillera marchés, illuminations et foules. Les
                partenaires ont préparé un plan unique : mêmes cartes, mêmes canaux radio, mêmes mots pour s'adresser au
                public.
                """,
                """
                Van 27 november tot 3 januari krijgt het centrum van Brussel markten, lichtjes en veel volk over de vloer.
                De partners hebben één plan klaar: dezelfde kaarten, dezelfde radiokanalen, dezelfde woorden voor het
                publiek.
                """,
            ),
            heading("Bon à savoir avant de venir", "Goed om te weten voor u komt"),
            text(
                """
                - Venez en transport public : plusieurs rues sont fermées aux voitures dès 16 h.
                - Convenez d'un point de rendez-vous avec vos enfants et notez votre numéro sur leur poignet.
                - Un malaise, une bousculade ? Adressez-vous à un agent en gilet ou appelez le **112**.
                """,
                """
                - Kom met het openbaar vervoer: verschillende straten zijn vanaf 16 uur autovrij.
                - Spreek met uw kinderen een trefpunt af en schrijf uw nummer op hun pols.
                - Wordt iemand onwel of ontstaat er gedrang? Spreek een medewerker in een fluohesje aan of bel **112**.
                """,
            ),
        ),
    ),
    Article(
        key="news-storm",
        title_fr="Tempête : les bons réflexes avant d'appeler",
        title_nl="Storm: wat u doet voor u belt",
        slug_fr="tempete-bons-reflexes",
        slug_nl="storm-wat-u-doet",
        summary_fr="Quand le vent se lève, quelques gestes simples évitent des dégâts et libèrent les lignes d'urgence.",
        summary_nl="Als de wind opsteekt, voorkomen een paar eenvoudige handelingen schade en blijven de noodlijnen vrij.",
        date=date(2026, 11, 5),
        theme="advice",
        image="news-storm",
        body=(
            steps(
                ("À l'annonce d'une tempête", "Als er storm op komst is"),
                (
                    "Rentrez ce qui peut s'envoler",
                    "Haal binnen wat kan wegwaaien",
                    "Pots, vélos, parasols, poubelles : un balcon vide ne blesse personne.",
                    "Potten, fietsen, parasols, vuilnisbakken: een leeg balkon verwondt niemand.",
                ),
                (
                    "Évitez les parcs et les bois",
                    "Mijd parken en bossen",
                    "Une branche tombe aussi après le passage du vent.",
                    "Ook als de wind is gaan liggen, kan een tak nog vallen.",
                ),
                (
                    "Chargez votre téléphone",
                    "Laad uw telefoon op",
                    "Et gardez une lampe de poche à portée de main.",
                    "En houd een zaklamp bij de hand.",
                ),
            ),
            heading("Quel numéro ?", "Welk nummer?"),
            text(
                """
                Une personne est en danger : **112**. Un arbre sur une voiture, une cave inondée, mais personne en danger :
                le **1722**, seulement s'il est activé, ou le guichet en ligne correspondant. Pour les dégâts sans urgence,
                prévenez votre assureur.
                """,
                """
                Is iemand in gevaar: **112**. Een boom op een auto, een ondergelopen kelder, maar niemand in gevaar: **1722**,
                alleen als het geactiveerd is, of het bijbehorende e-loket. Voor schade zonder haast verwittigt u uw
                verzekeraar.
                """,
            ),
            call_to_action(
                "Retrouvez tous les numéros, même hors connexion.",
                "Vind alle nummers terug, ook zonder verbinding.",
                ("Numéros d'urgence", "Noodnummers"),
                page="emergency-numbers",
            ),
        ),
    ),
    Article(
        key="news-call",
        title_fr="Appel à projets 2027 : la prévention au coin de la rue",
        title_nl="Projectoproep 2027: preventie om de hoek",
        slug_fr="appel-a-projets-2027",
        slug_nl="projectoproep-2027",
        summary_fr="Communes et associations peuvent déposer une idée jusqu'au 15 janvier. Les projets à plusieurs sont bienvenus.",
        summary_nl="Gemeenten en verenigingen kunnen tot 15 januari een idee indienen. Samenwerking is welkom.",
        date=date(2026, 10, 14),
        theme="calls",
        image="mission-local-prevention",
        mission="mission-local-prevention",
        body=(
            text(
                """
                L'appel s'adresse aux projets nouveaux qui améliorent la vie d'une rue, d'une place ou d'un immeuble. Nous
                cherchons des idées simples, évaluables et prêtes à démarrer au printemps.
                """,
                """
                De oproep is bedoeld voor nieuwe projecten die het leven in een straat, op een plein of in een gebouw
                verbeteren. We zoeken eenvoudige ideeën die je kunt evalueren en die in de lente kunnen starten.
                """,
            ),
            table(
                ("Le calendrier de l'appel", "De kalender van de oproep"),
                (("Étape", "Stap"), ("Date", "Datum")),
                (("Séance d'information", "Infosessie"), ("26 novembre 2026", "26 november 2026")),
                (("Clôture des dépôts", "Uiterste indiendatum"), ("15 janvier 2027", "15 januari 2027")),
                (("Choix du jury", "Keuze van de jury"), ("26 février 2027", "26 februari 2027")),
                (("Démarrage", "Start"), ("1er avril 2027", "1 april 2027")),
            ),
            documents(
                ("Pour préparer votre dossier", "Om uw dossier voor te bereiden"),
                (
                    "document-local",
                    "Plans locaux : cadre commun",
                    "Lokale plannen: gemeenschappelijk kader",
                    "Les critères que tous les projets locaux partagent.",
                    "De criteria die voor alle lokale projecten gelden.",
                ),
            ),
        ),
    ),
    Article(
        key="news-study-day",
        title_fr="Journée d'étude : voir ce que cache une façade",
        title_nl="Studiedag: zien wat achter een gevel schuilt",
        slug_fr="journee-etude-approche-administrative",
        slug_nl="studiedag-bestuurlijke-aanpak",
        summary_fr="Juristes communaux, policiers et inspecteurs ont partagé des cas concrets d'approche administrative.",
        summary_nl="Gemeentejuristen, politiemensen en inspecteurs deelden concrete gevallen van bestuurlijke aanpak.",
        date=date(2026, 9, 24),
        theme="meetings",
        image="news-training",
        mission="mission-organised-crime",
        body=(
            text(
                """
                Le matin, trois communes ont raconté un dossier du début à la fin, erreurs comprises. L'après-midi, les
                participants ont refait le parcours en petits groupes : quels signes, quel texte, quelle décision, quelle
                motivation ?
                """,
                """
                In de voormiddag vertelden drie gemeenten een dossier van begin tot eind, met de fouten erbij. In de
                namiddag legden de deelnemers het traject opnieuw af in kleine groepen: welke signalen, welke tekst, welke
                beslissing, welke motivering?
                """,
            ),
            quote(
                "La meilleure décision est celle que le commerçant voisin comprend aussi.",
                "De beste beslissing is die welke ook de handelaar ernaast begrijpt.",
                (
                    "Une juriste communale, témoignage de démonstration",
                    "Een gemeentejuriste, demonstratiegetuigenis",
                ),
            ),
            text(
                "Les fiches de travail rejoindront la bibliothèque des partenaires avant la fin de l'année.",
                "De werkfiches komen voor het jaareinde in de bibliotheek van de partners.",
            ),
        ),
    ),
    Article(
        key="news-112-101",
        title_fr="112 ou 101 ? Deux minutes pour retenir l'essentiel",
        title_nl="112 of 101? Twee minuten om het te onthouden",
        slug_fr="112-ou-101",
        slug_nl="112-of-101",
        summary_fr="Plus d'un appel sur quatre aux numéros d'urgence ne concerne pas une urgence. Choisir le bon numéro aide tout le monde.",
        summary_nl="Meer dan een op de vier oproepen naar de noodnummers is geen noodgeval. Het juiste nummer kiezen helpt iedereen.",
        date=date(2026, 9, 8),
        theme="advice",
        image="news-phone",
        body=(
            text(
                """
                **112** : une vie est en danger, quelqu'un est blessé, il y a le feu. **101** : vous avez besoin de la
                police immédiatement. Les deux numéros sont gratuits, jour et nuit.
                """,
                """
                **112**: er is iemand in levensgevaar, er is een gewonde, het brandt. **101**: u hebt onmiddellijk de politie
                nodig. Beide nummers zijn gratis, dag en nacht.
                """,
            ),
            accordion(
                (
                    "Que dire au téléphone ?",
                    "Wat zeg ik aan de telefoon?",
                    "L'adresse d'abord, avec la commune. Ensuite ce qui se passe, combien de personnes, et si un danger demeure. Ne raccrochez pas avant qu'on vous le dise.",
                    "Eerst het adres, met de gemeente erbij. Dan wat er gebeurt, om hoeveel mensen het gaat, en of er nog gevaar is. Leg niet neer voor men het u zegt.",
                ),
                (
                    "Et si je ne peux pas parler ou entendre ?",
                    "En als ik niet kan spreken of horen?",
                    "L'application 112 BE permet de demander de l'aide par écrit. L'inscription au service SMS se fait sur 112.be.",
                    "Met de app 112 BE vraagt u schriftelijk om hulp. Voor de sms-dienst schrijft u zich in op 112.be.",
                ),
                (
                    "J'ai appelé par erreur",
                    "Ik heb per ongeluk gebeld",
                    "Restez en ligne et dites-le. Si vous raccrochez, l'opérateur devra vous rappeler.",
                    "Blijf aan de lijn en zeg het. Als u inhaakt, moet de operator u terugbellen.",
                ),
            ),
            call_to_action(
                "Pas d'urgence, mais besoin d'aide ?",
                "Geen noodgeval, maar wel hulp nodig?",
                ("Quel numéro appeler ?", "Welk nummer bellen?"),
                page="emergency-numbers",
            ),
        ),
    ),
    Article(
        key="news-flood",
        title_fr="Exercice inondation : ce que la Woluwe nous a appris",
        title_nl="Overstromingsoefening: wat de Woluwe ons leerde",
        slug_fr="exercice-inondation-lecons",
        slug_nl="overstromingsoefening-lessen",
        summary_fr="Quatre communes et leurs services de secours ont répété une évacuation. Premiers enseignements.",
        summary_nl="Vier gemeenten en hun hulpdiensten oefenden een ontruiming. De eerste lessen.",
        date=date(2026, 6, 18),
        theme="field",
        image="realisation-flood-exercise",
        mission="mission-coordination",
        body=(
            text(
                """
                Une semaine après l'exercice, les observateurs ont remis leurs notes. La coordination a tenu, les messages
                bilingues sont partis à temps, mais deux points d'accueil étaient mal indiqués et la liste des personnes à
                mobilité réduite n'était pas à jour.

                Le compte rendu complet figure parmi nos
                [réalisations](key:realisation-flood-exercise).
                """,
                """
                Een week na de oefening bezorgden de waarnemers hun notities. De coördinatie hield stand en de tweetalige
                berichten vertrokken op tijd, maar twee opvangplaatsen waren slecht aangeduid en de lijst van mensen met
                beperkte mobiliteit was niet actueel.

                Het volledige verslag vindt u bij onze [realisaties](key:realisation-flood-exercise).
                """,
            ),
        ),
    ),
    Article(
        key="news-lisa",
        title_fr="Une nouvelle antenne LISA ouvre ses portes",
        title_nl="Een nieuwe LISA-antenne opent de deuren",
        slug_fr="nouvelle-antenne-lisa",
        slug_nl="nieuwe-lisa-antenne",
        summary_fr="Depuis lundi, les habitants du quartier de la gare trouvent quatre services derrière un seul comptoir.",
        summary_nl="Sinds maandag vinden de bewoners van de stationsbuurt vier diensten achter één loket.",
        date=date(2026, 5, 21),
        theme="field",
        image="realisation-lisa-station",
        mission="mission-lisa",
        body=(
            text(
                """
                Les deux bourgmestres ont coupé le ruban avec les enfants de l'école voisine, qui ont aussi choisi la
                couleur du mur. L'antenne est ouverte du lundi au samedi, en soirée aussi.
                """,
                """
                De twee burgemeesters knipten het lint door samen met de kinderen van de school ernaast, die ook de kleur
                van de muur kozen. De antenne is open van maandag tot zaterdag, ook 's avonds.
                """,
            ),
            picture("mission-lisa", "Quatre services, une porte.", "Vier diensten, één deur."),
            call_to_action(
                "Découvrez le projet, ses partenaires et ses heures d'ouverture.",
                "Ontdek het project, de partners en de openingsuren.",
                ("L'antenne de la gare", "De antenne bij het station"),
                page="realisation-lisa-station",
            ),
        ),
    ),
    Article(
        key="news-plan",
        title_fr="Le plan global expliqué simplement",
        title_nl="Het globaal plan eenvoudig uitgelegd",
        slug_fr="plan-global-explique",
        slug_nl="globaal-plan-uitgelegd",
        summary_fr="À quoi sert le PGSP, qui l'écrit, et comment il se traduit dans votre commune : la synthèse est en ligne.",
        summary_nl="Waartoe het GVPP dient, wie het schrijft en wat het in uw gemeente betekent: de samenvatting staat online.",
        date=date(2026, 3, 12),
        theme="policy",
        image="news-plan",
        mission="mission-coordination",
        body=(
            text(
                """
                Le Plan global de sécurité et de prévention fixe les priorités régionales. Les zones de police en tiennent
                compte dans leurs plans zonaux, et les communes s'en inspirent pour leurs plans locaux. Une synthèse de
                quelques pages explique ce chemin sans jargon.
                """,
                """
                Het Globaal Veiligheids- en Preventieplan legt de gewestelijke prioriteiten vast. De politiezones houden er
                rekening mee in hun zonale plannen, en de gemeenten laten er zich door leiden in hun lokale plannen. Een
                samenvatting van enkele bladzijden legt dat zonder jargon uit.
                """,
            ),
            documents(
                ("Télécharger la synthèse", "De samenvatting downloaden"),
                (
                    "document-pgsp",
                    "Plan global de sécurité et de prévention : synthèse",
                    "Globaal Veiligheids- en Preventieplan: samenvatting",
                    "Version de démonstration, en français.",
                    "Demonstratieversie, in het Nederlands.",
                ),
            ),
        ),
    ),
    Article(
        key="news-platform",
        title_fr="Plateforme polarisation : quatre rencontres en 2026",
        title_nl="Platform polarisering: vier ontmoetingen in 2026",
        slug_fr="plateforme-rencontres-2026",
        slug_nl="platform-ontmoetingen-2026",
        summary_fr="Désinformation, école, sport, retour au calme après un incident : le programme de l'année est connu.",
        summary_nl="Desinformatie, school, sport, nazorg na een incident: het jaarprogramma is bekend.",
        date=date(2026, 1, 29),
        theme="meetings",
        image="mission-platforms",
        mission="mission-platforms",
        body=(
            table(
                ("Programme des rencontres", "Programma van de ontmoetingen"),
                (("Date", "Datum"), ("Sujet", "Onderwerp"), ("Pour qui", "Voor wie")),
                (
                    ("24 février", "24 februari"),
                    ("Répondre à une rumeur", "Antwoorden op een gerucht"),
                    ("Communes, police", "Gemeenten, politie"),
                ),
                (
                    ("5 mai", "5 mei"),
                    ("Débattre en classe", "Debatteren in de klas"),
                    ("Enseignants, animateurs", "Leerkrachten, begeleiders"),
                ),
                (
                    ("29 septembre", "29 september"),
                    ("Le sport comme terrain d'entente", "Sport als gemeenschappelijk terrein"),
                    ("Clubs, éducateurs", "Clubs, straathoekwerkers"),
                ),
                (
                    ("1er décembre", "1 december"),
                    ("Retrouver le calme après un incident", "Rust vinden na een incident"),
                    ("Tous les membres", "Alle leden"),
                ),
            ),
            text(
                "Les rencontres sont bilingues et réservées aux membres. Devenir membre est gratuit : écrivez à plateformes@vigie.example.",
                "De ontmoetingen zijn tweetalig en voorbehouden aan leden. Lid worden is gratis: schrijf naar plateformes@vigie.example.",
            ),
        ),
    ),
    Article(
        key="news-merger",
        title_fr="Une seule zone de police : où en est le projet ?",
        title_nl="Eén politiezone: hoever staat het?",
        slug_fr="une-seule-zone-de-police",
        slug_nl="een-politiezone",
        summary_fr="Le texte qui doit réunir les six zones bruxelloises suit son parcours. Pour les habitants, rien ne change encore.",
        summary_nl="De tekst die de zes Brusselse zones moet samenvoegen volgt zijn weg. Voor de bewoners verandert er nog niets.",
        date=date(2025, 11, 27),
        theme="policy",
        image="mission-police-zones",
        mission="mission-police-zones",
        body=(
            text(
                """
                Le regroupement des six zones en une seule est attendu pour 2027 ou 2028. D'ici là, chaque zone garde ses
                commissariats, ses agents de quartier et son plan zonal. Les projets que nous soutenons sont conçus pour
                survivre au changement : ils portent déjà sur plusieurs zones.
                """,
                """
                De samenvoeging van de zes zones tot één zone wordt verwacht in 2027 of 2028. Tot dan behoudt elke zone haar
                commissariaten, haar wijkinspecteurs en haar zonaal plan. De projecten die we steunen zijn erop voorzien:
                ze lopen nu al over verschillende zones.
                """,
            ),
            heading("Ce qui ne change pas", "Wat niet verandert"),
            text(
                """
                - En cas d'urgence policière : **101**.
                - Pour une plainte ou un conseil : votre commissariat de quartier.
                - Pour savoir de quelle zone dépend votre commune : la page de [notre mission](key:mission-police-zones).
                """,
                """
                - Hebt u dringend de politie nodig: **101**.
                - Voor een klacht of advies: het commissariaat van uw wijk.
                - Om te weten onder welke zone uw gemeente valt: de pagina van [onze opdracht](key:mission-police-zones).
                """,
            ),
        ),
    ),
)
