# ruff: noqa: E501 - prose breaks where its sense does
"""The plain pages that a Brussels authority owes: accessibility, transparency, privacy, contact.

The accessibility statement follows the model of Commission Implementing Decision (EU) 2018/1523.
"""

from __future__ import annotations

from home.demo.shapes import (
    Contact,
    PlainPage,
    accordion,
    call_to_action,
    contact,
    documents,
    heading,
    steps,
    table,
    text,
)

WELCOME = Contact(
    name_fr="Accueil de Vigie",
    name_nl="Onthaal van Vigie",
    role_fr="Premier contact pour toute question",
    role_nl="Eerste aanspreekpunt voor al uw vragen",
    phone="+32 2 000 00 00",
    email="info@vigie.example",
    address_fr="Rue de l'Exemple 1\n1000 Bruxelles",
    address_nl="Voorbeeldstraat 1\n1000 Brussel",
    hours_fr="Du lundi au vendredi, de 9 h à 12 h 30 ; l'après-midi sur rendez-vous",
    hours_nl="Van maandag tot vrijdag, van 9 tot 12.30 uur; in de namiddag op afspraak",
)

ACCESSIBILITY_CONTACT = Contact(
    name_fr="Référent accessibilité",
    name_nl="Verantwoordelijke toegankelijkheid",
    phone="+32 2 000 00 05",
    email="accessibilite@vigie.example",
    address_fr="Vigie, référent accessibilité\nRue de l'Exemple 1\n1000 Bruxelles",
    address_nl="Vigie, verantwoordelijke toegankelijkheid\nVoorbeeldstraat 1\n1000 Brussel",
    hours_fr="Du lundi au vendredi, de 9 h à 17 h",
    hours_nl="Van maandag tot vrijdag, van 9 tot 17 uur",
)

DATA_CONTACT = Contact(
    name_fr="Délégué à la protection des données",
    name_nl="Functionaris voor gegevensbescherming",
    phone="+32 2 000 00 06",
    email="dpo@vigie.example",
    address_fr="Vigie, délégué à la protection des données\nRue de l'Exemple 1\n1000 Bruxelles",
    address_nl="Vigie, functionaris voor gegevensbescherming\nVoorbeeldstraat 1\n1000 Brussel",
)

ACCESSIBILITY = PlainPage(
    key="page-accessibility",
    role="accessibility",
    title_fr="Déclaration d'accessibilité",
    title_nl="Toegankelijkheidsverklaring",
    slug_fr="accessibilite",
    slug_nl="toegankelijkheid",
    summary_fr="Où en est l'accessibilité de ce site, ce qui manque encore et comment nous le signaler.",
    summary_nl="Hoe toegankelijk deze site is, wat er nog ontbreekt en hoe u dat kunt melden.",
    body=(
        text(
            """
            Vigie s'engage à rendre son site accessible, conformément à l'ordonnance de la Région de
            Bruxelles-Capitale du 4 octobre 2018 relative à l'accessibilité des sites internet et des applications
            mobiles des organismes publics régionaux et des communes, qui transpose la directive (UE) 2016/2102.

            La présente déclaration s'applique au site public de Vigie, dans ses deux langues, y compris ses
            documents à télécharger. Elle ne couvre pas les sites d'autres services vers lesquels nous renvoyons.
            """,
            """
            Vigie verbindt zich ertoe haar website toegankelijk te maken, overeenkomstig de ordonnantie van het
            Brussels Hoofdstedelijk Gewest van 4 oktober 2018 inzake de toegankelijkheid van de websites en
            mobiele applicaties van de gewestelijke overheidsinstanties en de gemeenten, die richtlijn (EU)
            2016/2102 omzet.

            Deze verklaring geldt voor de publieke site van Vigie, in beide talen, met inbegrip van de documenten
            die u er kunt downloaden. Ze geldt niet voor sites van andere diensten waarnaar wij verwijzen.
            """,
        ),
        heading("État de conformité", "Nalevingsstatus"),
        text(
            """
            Ce site est **partiellement conforme** à la norme européenne EN 301 549, qui reprend les règles pour
            l'accessibilité des contenus web (WCAG), niveau AA, en raison des éléments non conformes énumérés
            ci-dessous. Nous nous donnons les WCAG 2.2 comme objectif.
            """,
            """
            Deze website voldoet **gedeeltelijk** aan de Europese norm EN 301 549, die de richtlijnen voor de
            toegankelijkheid van webcontent (WCAG) op niveau AA overneemt, omdat de hieronder vermelde onderdelen
            er niet aan voldoen. Zelf leggen we de lat bij WCAG 2.2.
            """,
        ),
        heading("Contenu non accessible", "Niet-toegankelijke inhoud"),
        heading("Non-conformité à l'ordonnance", "Niet-naleving van de ordonnantie", "3"),
        text(
            """
            - **Documents PDF** : leurs polices ne sont pas incorporées et la norme PDF/UA n'est pas entièrement
              respectée. La page de chaque publication en résume le contenu ; le texte complet s'obtient sur demande,
              sous une autre forme.
            """,
            """
            - **Pdf-documenten**: de lettertypes zijn niet ingesloten en de norm PDF/UA is niet volledig nageleefd.
              De pagina van elke publicatie vat de inhoud samen; de volledige tekst krijgt u op verzoek in een andere
              vorm.
            """,
        ),
        heading("Contenu hors du champ d'application", "Inhoud buiten het toepassingsgebied", "3"),
        text(
            """
            - **Carte des communes** : le dessin ne se parcourt pas au lecteur d'écran. La liste des communes
              concernées figure toujours en texte à côté de la carte.
            """,
            """
            - **Kaart van de gemeenten**: de tekening is niet te doorlopen met een schermlezer. De lijst van de
              betrokken gemeenten staat altijd als tekst naast de kaart.
            """,
        ),
        heading("Établissement de la présente déclaration", "Opstelling van deze verklaring"),
        text(
            """
            La présente déclaration a été établie le 16 novembre 2026, sur la base d'une auto-évaluation : contrôles
            automatiques de toutes les pages, parcours au clavier seul, lecture avec un lecteur d'écran et
            agrandissement à 200 %. Elle sera revue au plus tard le 16 novembre 2027.
            """,
            """
            Deze verklaring werd opgesteld op 16 november 2026, op basis van een zelfbeoordeling: automatische
            controles van alle pagina's, bediening met alleen het toetsenbord, lezen met een schermlezer en
            vergroting tot 200%. Ze wordt uiterlijk op 16 november 2027 herzien.
            """,
        ),
        heading("Retour d'information et coordonnées", "Feedback en contactgegevens"),
        text(
            """
            Une page, un document ou un formulaire vous résiste ? Signalez-le-nous, ou demandez-nous l'information
            sous une autre forme. Nous répondons dans les trente jours.
            """,
            """
            Werkt een pagina, een document of een formulier niet voor u? Meld het ons, of vraag ons de informatie
            in een andere vorm. U krijgt binnen dertig dagen antwoord.
            """,
        ),
        contact(ACCESSIBILITY_CONTACT),
        heading("Procédure permettant d'assurer le respect des dispositions", "Handhavingsprocedure"),
        text(
            """
            Vous n'avez pas reçu de réponse dans ce délai, ou la réponse ne vous satisfait pas ? Vous pouvez
            introduire gratuitement une plainte auprès d'Ombuds Bruxelles, le service de médiation indépendant
            des administrations bruxelloises : [ombuds.brussels](https://www.ombuds.brussels), place de la Vieille
            Halle aux Blés 1, 1000 Bruxelles.
            """,
            """
            Kreeg u niet tijdig antwoord, of bent u niet tevreden met het antwoord? Dan kunt u kosteloos een klacht
            indienen bij Ombuds Brussel, de onafhankelijke ombudsdienst voor de Brusselse besturen:
            [ombuds.brussels](https://www.ombuds.brussels), Oud Korenhuis 1, 1000 Brussel.
            """,
        ),
    ),
)

TRANSPARENCY = PlainPage(
    key="page-transparency",
    role="transparency",
    title_fr="Transparence",
    title_nl="Transparantie",
    slug_fr="transparence",
    slug_nl="transparantie",
    summary_fr="Compétences, organisation, subventions, marchés, études, emplois et accès aux documents.",
    summary_nl="Bevoegdheden, organisatie, subsidies, opdrachten, studies, vacatures en toegang tot documenten.",
    body=(
        text(
            """
            Le décret et ordonnance conjoints du 16 mai 2019 relatifs à la publicité de l'administration dans les
            institutions bruxelloises demandent à chaque autorité de publier certaines informations sans attendre
            qu'on les lui réclame. Les voici réunies. Les inventaires annuels paraissent au plus tard le 1er avril.
            """,
            """
            Het gezamenlijk decreet en ordonnantie van 16 mei 2019 betreffende de openbaarheid van bestuur bij de
            Brusselse instellingen vraagt elke overheid om bepaalde informatie uit eigen beweging bekend te maken.
            U vindt ze hier samen. De jaarlijkse inventarissen verschijnen uiterlijk op 1 april.
            """,
        ),
        accordion(
            (
                "Compétences et organisation",
                "Bevoegdheden en organisatie",
                """
                Vigie coordonne les politiques de prévention, de sécurité et de gestion de crise pour
                l'arrondissement administratif de Bruxelles-Capitale. Nos [six missions](key:missions) décrivent ce
                que nous faisons et à qui vous adresser.
                """,
                """
                Vigie coördineert het beleid inzake preventie, veiligheid en crisisbeheer voor het administratief
                arrondissement Brussel-Hoofdstad. Onze [zes opdrachten](key:missions) beschrijven wat we doen en bij
                wie u terechtkunt.
                """,
            ),
            (
                "Subventions accordées",
                "Toegekende subsidies",
                """
                L'inventaire reprend, pour chaque subvention, le bénéficiaire, l'objet, le montant et la période.
                Cette démonstration n'en contient aucun.
                """,
                """
                De inventaris vermeldt voor elke subsidie de begunstigde, het voorwerp, het bedrag en de periode.
                Deze demonstratie bevat er geen.
                """,
            ),
            (
                "Études et marchés publics",
                "Studies en overheidsopdrachten",
                """
                L'inventaire des études réalisées par un partenaire externe mentionne leur auteur et leur coût ; celui
                des marchés publics, l'adjudicataire et le montant engagé. Cette démonstration n'en contient aucun.
                """,
                """
                De inventaris van de studies door een externe partner vermeldt de auteur en de kostprijs; die van de
                overheidsopdrachten de opdrachtnemer en het vastgelegde bedrag. Deze demonstratie bevat er geen.
                """,
            ),
            (
                "Emplois",
                "Vacatures",
                """
                Les postes à pourvoir et les conditions d'engagement sont annoncés ici, dans les deux langues.
                """,
                """
                Vacatures en aanwervingsvoorwaarden worden hier in beide talen bekendgemaakt.
                """,
            ),
        ),
        heading("Demander un document", "Een document opvragen"),
        steps(
            ("La demande, étape par étape", "De aanvraag, stap voor stap"),
            (
                "Décrivez le document",
                "Omschrijf het document",
                "Indiquez le sujet, la période et, si vous les connaissez, le titre ou le service concerné.",
                "Vermeld het onderwerp, de periode en, als u die kent, de titel of de betrokken dienst.",
            ),
            (
                "Envoyez votre demande",
                "Verstuur uw aanvraag",
                "Par courriel à transparence@vigie.example, par la poste ou au guichet, en français ou en néerlandais.",
                "Per e-mail naar transparantie@vigie.example, per post of aan het loket, in het Nederlands of het Frans.",
            ),
            (
                "Recevez une réponse motivée",
                "Ontvang een gemotiveerd antwoord",
                "La consultation est gratuite. Un refus, même partiel, est toujours motivé.",
                "Inzage is gratis. Een weigering, ook een gedeeltelijke, wordt altijd gemotiveerd.",
            ),
            (
                "Introduisez un recours si nécessaire",
                "Ga zo nodig in beroep",
                "La Commission d'accès aux documents administratifs examine les refus et les absences de réponse.",
                "De Commissie voor Toegang tot Bestuursdocumenten onderzoekt weigeringen en uitblijvende antwoorden.",
            ),
        ),
        documents(
            ("Documents utiles", "Nuttige documenten"),
            (
                "document-report",
                "Rapport annuel 2025",
                "Jaarverslag 2025",
                "Activités, organisation et moyens, dans une version de démonstration.",
                "Activiteiten, organisatie en middelen, in een demonstratieversie.",
            ),
        ),
        heading("Données ouvertes", "Open data"),
        text(
            """
            Les numéros d'urgence et les alertes publiés sur ce site peuvent être réutilisés librement, sous
            licence CC0, en application de l'ordonnance du 27 octobre 2016 sur les données ouvertes. Les limites des
            communes viennent de Statbel, sous sa licence de données ouvertes.
            """,
            """
            De noodnummers en de waarschuwingen op deze site mag u vrij hergebruiken, onder CC0-licentie, met
            toepassing van de ordonnantie van 27 oktober 2016 over open data. De gemeentegrenzen komen van Statbel,
            onder de opendatalicentie van die dienst.
            """,
        ),
    ),
)

PRIVACY = PlainPage(
    key="page-privacy",
    role="privacy",
    title_fr="Vie privée",
    title_nl="Privacy",
    slug_fr="vie-privee",
    slug_nl="privacy",
    summary_fr="Pas de cookie, pas de mesure d'audience, aucun appel vers des tiers.",
    summary_nl="Geen cookies, geen bezoekersmeting, geen verzoeken naar derden.",
    body=(
        text(
            """
            Vous pouvez lire ce site sans y laisser de trace utile à quiconque. Il ne dépose **aucun cookie** chez
            ses visiteurs, ne mesure pas leur parcours et ne charge rien depuis un autre serveur : ni police, ni
            carte, ni vidéo, ni bouton de réseau social. Il n'y a donc pas de bandeau à accepter.
            """,
            """
            U kunt deze site lezen zonder dat iemand daar iets van opsteekt. De site plaatst **geen enkele cookie**
            bij haar bezoekers, meet hun bezoek niet en laadt niets van een andere server: geen lettertype, kaart,
            video of knop van een sociaal netwerk. Daarom hoeft u ook geen banner te aanvaarden.
            """,
        ),
        heading("Ce que nous conservons", "Wat we bewaren"),
        table(
            ("Données traitées", "Verwerkte gegevens"),
            (("Donnée", "Gegeven"), ("Pourquoi", "Waarom"), ("Combien de temps", "Hoelang")),
            (
                ("Journal du serveur, adresse IP comprise", "Serverlogboek, met inbegrip van het IP-adres"),
                ("Sécurité et continuité du site", "Veiligheid en continuïteit van de site"),
                ("14 jours", "14 dagen"),
            ),
            (
                ("Vos messages : courriel, lettre ou appel", "Uw berichten: e-mail, brief of oproep"),
                ("Vous répondre", "U antwoorden"),
                ("1 an après la réponse", "1 jaar na het antwoord"),
            ),
            (
                ("Comptes des membres des plateformes", "Accounts van de leden van de platformen"),
                ("Accès à l'espace de partage", "Toegang tot de deelruimte"),
                ("Tant que le compte est actif", "Zolang het account actief is"),
            ),
            (
                (
                    "Notifications d'alerte, si vous les activez : l'adresse de votre navigateur auprès du service de "
                    "notification de son éditeur, deux clés, la langue et les communes choisies",
                    "Waarschuwingen op uw toestel, als u ze aanzet: het adres van uw browser bij de meldingsdienst "
                    "van de maker, twee sleutels, de gekozen taal en gemeenten",
                ),
                ("Vous prévenir", "U verwittigen"),
                (
                    "Jusqu'à ce que vous les désactiviez, ou que le navigateur ne soit plus joignable",
                    "Tot u ze uitzet, of tot de browser niet meer bereikbaar is",
                ),
            ),
        ),
        heading("Sur votre appareil", "Op uw toestel"),
        text(
            """
            Votre navigateur peut garder une copie des numéros d'urgence et de la page d'accueil pour que vous les
            retrouviez hors connexion. Cette copie reste sur votre appareil, ne contient rien sur vous et disparaît
            quand vous effacez les données du site. Si vous activez les notifications, votre navigateur garde aussi
            son adresse et votre choix, jusqu'à ce que vous les désactiviez.
            """,
            """
            Uw browser kan een kopie van de noodnummers en van de startpagina bewaren, zodat u ze ook zonder
            verbinding terugvindt. Die kopie blijft op uw toestel, bevat niets over u en verdwijnt wanneer u de
            gegevens van de site wist. Als u meldingen aanzet, bewaart uw browser ook zijn adres en uw keuze, tot u
            ze uitzet.
            """,
        ),
        heading("Vos droits", "Uw rechten"),
        text(
            """
            Vous pouvez consulter vos données, les faire corriger ou effacer, limiter leur traitement ou vous y
            opposer. Adressez-vous à notre délégué à la protection des données. Vous pouvez aussi vous plaindre
            auprès de l'[Autorité de protection des données](https://www.autoriteprotectiondonnees.be).
            """,
            """
            U kunt uw gegevens inkijken, laten verbeteren of wissen, de verwerking ervan laten beperken of er
            bezwaar tegen maken. Richt u daarvoor tot onze functionaris voor gegevensbescherming. U kunt ook klacht
            indienen bij de [Gegevensbeschermingsautoriteit](https://www.gegevensbeschermingsautoriteit.be).
            """,
        ),
        contact(DATA_CONTACT),
    ),
)

CONTACT = PlainPage(
    key="page-contact",
    role="contact",
    title_fr="Contact",
    title_nl="Contact",
    slug_fr="contact",
    slug_nl="contact",
    summary_fr="Au guichet, par téléphone, par la poste ou par courriel : choisissez ce qui vous convient.",
    summary_nl="Aan het loket, per telefoon, per post of per e-mail: kies wat u het best past.",
    body=(
        call_to_action(
            "Vous avez besoin d'aide tout de suite ? N'écrivez pas : appelez.",
            "Hebt u nu meteen hulp nodig? Schrijf dan niet, maar bel.",
            ("Numéros d'urgence", "Noodnummers"),
            page="emergency-numbers",
        ),
        contact(WELCOME),
        heading("Au guichet", "Aan het loket"),
        text(
            """
            Le guichet est ouvert du lundi au vendredi, de 9 h à 12 h 30, et l'après-midi sur rendez-vous. L'entrée
            est de plain-pied et une boucle magnétique équipe le comptoir. Les agents vous reçoivent en français et
            en néerlandais.
            """,
            """
            Het loket is open van maandag tot vrijdag, van 9 tot 12.30 uur, en in de namiddag op afspraak. De ingang
            ligt gelijkvloers en de balie heeft een ringleiding. U wordt er geholpen in het Nederlands en in het
            Frans.
            """,
        ),
        heading("Par téléphone", "Per telefoon"),
        text(
            """
            Du lundi au vendredi, de 9 h à 17 h, au [+32 2 000 00 00](tel:+3220000000). Un numéro factice, puisque ce
            site est une démonstration.
            """,
            """
            Van maandag tot vrijdag, van 9 tot 17 uur, op [+32 2 000 00 00](tel:+3220000000). Dat nummer is fictief,
            want deze site is een demonstratie.
            """,
        ),
        heading("Par la poste", "Per post"),
        text(
            """
            Vigie, service Accueil, rue de l'Exemple 1, 1000 Bruxelles. Nous répondons dans la langue de votre
            lettre.
            """,
            """
            Vigie, dienst Onthaal, Voorbeeldstraat 1, 1000 Brussel. We antwoorden in de taal van uw brief.
            """,
        ),
        heading("Une plainte, une suggestion", "Een klacht, een voorstel"),
        text(
            """
            Dites-le d'abord au service concerné ou à l'accueil. Si la réponse ne vous satisfait pas, Ombuds
            Bruxelles peut examiner votre plainte : [ombuds.brussels](https://www.ombuds.brussels).
            """,
            """
            Meld het eerst aan de betrokken dienst of aan het onthaal. Voldoet het antwoord niet, dan kan Ombuds
            Brussel uw klacht onderzoeken: [ombuds.brussels](https://www.ombuds.brussels).
            """,
        ),
    ),
)

LEGAL_PAGES = (ACCESSIBILITY, TRANSPARENCY, PRIVACY, CONTACT)
