"""What each drawn picture is called and what it shows."""

from __future__ import annotations

from home.demo.shapes import Block, DemoImage, image

IMAGES = (
    DemoImage(
        key="home-hero",
        title_fr="Bruxelles au matin, vue du canal",
        title_nl="Brussel in de ochtend, gezien vanaf het kanaal",
        alt_fr="Dessin : un tram passe sur un pont du canal au lever du soleil, devant la tour de l'hôtel de "
        "ville, la basilique et l'Atomium.",
        alt_nl="Tekening: een tram rijdt bij zonsopgang over een brug van het kanaal, voor de stadhuistoren, de "
        "basiliek en het Atomium.",
    ),
    DemoImage(
        key="mission-coordination",
        title_fr="Un réseau d'acteurs",
        title_nl="Een netwerk van actoren",
        alt_fr="Dessin : six cercles reliés à un centre commun représentent la commune, les secours, la "
        "prévention, la police, la Région et le quartier.",
        alt_nl="Tekening: zes cirkels rond een gemeenschappelijk midden staan voor gemeente, hulpdiensten, "
        "preventie, politie, Gewest en wijk.",
    ),
    DemoImage(
        key="mission-police-zones",
        title_fr="Les six zones de police",
        title_nl="De zes politiezones",
        alt_fr="Carte dessinée des dix-neuf communes, colorées selon les six zones de police.",
        alt_nl="Getekende kaart van de negentien gemeenten, gekleurd volgens de zes politiezones.",
    ),
    DemoImage(
        key="mission-local-prevention",
        title_fr="Une rue et ses habitants",
        title_nl="Een straat en haar bewoners",
        alt_fr="Dessin : deux gardiens de la paix parlent avec des habitants devant une rangée de maisons.",
        alt_nl="Tekening: twee gemeenschapswachten praten met bewoners voor een rij huizen.",
    ),
    DemoImage(
        key="mission-lisa",
        title_fr="Une antenne de quartier",
        title_nl="Een wijkantenne",
        alt_fr="Dessin : le guichet éclairé d'une antenne LISA, au rez-de-chaussée d'une rue commerçante.",
        alt_nl="Tekening: het verlichte loket van een LISA-antenne op de begane grond van een winkelstraat.",
    ),
    DemoImage(
        key="mission-organised-crime",
        title_fr="Un dossier sous la loupe",
        title_nl="Een dossier onder de loep",
        alt_fr="Dessin : sous une loupe posée sur un dossier apparaissent les liens entre plusieurs commerces.",
        alt_nl="Tekening: onder een vergrootglas op een dossier verschijnen de banden tussen enkele zaken.",
    ),
    DemoImage(
        key="mission-platforms",
        title_fr="Autour de la table",
        title_nl="Rond de tafel",
        alt_fr="Dessin : dix personnes vues d'en haut travaillent autour d'une table ronde.",
        alt_nl="Tekening: tien mensen, van bovenaf gezien, werken rond een ronde tafel.",
    ),
    DemoImage(
        key="realisation-metro",
        title_fr="Sur le quai du métro",
        title_nl="Op het metroperron",
        alt_fr="Dessin : trois agents en gilet parmi les voyageurs, sur un quai de métro voûté.",
        alt_nl="Tekening: drie medewerkers in een hesje tussen de reizigers, op een gewelfd metroperron.",
    ),
    DemoImage(
        key="realisation-night-tram",
        title_fr="Le dernier tram",
        title_nl="De laatste tram",
        alt_fr="Dessin : un tram éclairé roule la nuit devant des maisons ; un agent attend à l'arrêt avec deux "
        "voyageurs.",
        alt_nl="Tekening: een verlichte tram rijdt 's nachts langs huizen; een medewerker wacht aan de halte met "
        "twee reizigers.",
    ),
    DemoImage(
        key="realisation-canal-bikes",
        title_fr="À vélo le long du canal",
        title_nl="Op de fiets langs het kanaal",
        alt_fr="Dessin : deux agents à vélo longent le canal, devant une péniche et une ancienne fabrique.",
        alt_nl="Tekening: twee agenten fietsen langs het kanaal, voor een binnenschip en een oude fabriek.",
    ),
    DemoImage(
        key="realisation-cameras",
        title_fr="Les caméras réunies sur un écran",
        title_nl="De camera's samen op één scherm",
        alt_fr="Dessin : un mât portant deux caméras est relié à un écran partagé en six vues de la ville.",
        alt_nl="Tekening: een mast met twee camera's is verbonden met een scherm met zes beelden van de stad.",
    ),
    DemoImage(
        key="realisation-tablets",
        title_fr="La tablette de terrain",
        title_nl="De tablet op het terrein",
        alt_fr="Dessin : deux mains tiennent une tablette qui affiche le plan d'un quartier et un itinéraire.",
        alt_nl="Tekening: twee handen houden een tablet vast met de plattegrond van een wijk en een route.",
    ),
    DemoImage(
        key="realisation-lisa-station",
        title_fr="Une antenne près de la gare",
        title_nl="Een antenne bij het station",
        alt_fr="Dessin : une antenne LISA éclairée au crépuscule, entre une gare et des tours de bureaux.",
        alt_nl="Tekening: een verlichte LISA-antenne bij valavond, tussen een station en kantoortorens.",
    ),
    DemoImage(
        key="realisation-lisa-van",
        title_fr="L'antenne mobile au marché",
        title_nl="De mobiele antenne op de markt",
        alt_fr="Dessin : une camionnette ouverte en guichet accueille des passants sur une place de marché.",
        alt_nl="Tekening: een bestelwagen die als loket openstaat ontvangt voorbijgangers op een marktplein.",
    ),
    DemoImage(
        key="realisation-shop-checks",
        title_fr="Contrôle commun dans une rue commerçante",
        title_nl="Gezamenlijke controle in een winkelstraat",
        alt_fr="Dessin : quatre agents de services différents consultent un dossier, le soir, dans une rue "
        "commerçante.",
        alt_nl="Tekening: vier medewerkers van verschillende diensten bekijken 's avonds een dossier in een "
        "winkelstraat.",
    ),
    DemoImage(
        key="realisation-support-desk",
        title_fr="Le point d'appui aux communes",
        title_nl="Het steunpunt voor de gemeenten",
        alt_fr="Dessin : une collaboratrice à son bureau, entre une pile de dossiers et un mur de tiroirs.",
        alt_nl="Tekening: een medewerkster aan haar bureau, tussen een stapel dossiers en een muur met laden.",
    ),
    DemoImage(
        key="realisation-dialogue",
        title_fr="Un cercle de parole en classe",
        title_nl="Een gesprekskring in de klas",
        alt_fr="Dessin : des élèves assis en cercle discutent avec deux animateurs dans une classe.",
        alt_nl="Tekening: leerlingen in een kring praten met twee begeleiders in een klas.",
    ),
    DemoImage(
        key="realisation-parks",
        title_fr="Au parc en fin de journée",
        title_nl="In het park op het einde van de dag",
        alt_fr="Dessin : deux gardiens de parc marchent avec une habitante ; des enfants jouent près d'un étang.",
        alt_nl="Tekening: twee parkwachters wandelen met een bewoonster; kinderen spelen bij een vijver.",
    ),
    DemoImage(
        key="realisation-flood-exercise",
        title_fr="Un exercice inondation",
        title_nl="Een overstromingsoefening",
        alt_fr="Dessin : un camion de secours, une tente et des sacs de sable au bord d'une rue inondée.",
        alt_nl="Tekening: een hulpverleningswagen, een tent en zandzakjes aan de rand van een overstroomde straat.",
    ),
    DemoImage(
        key="news-plan",
        title_fr="Un plan ouvert devant la carte de la Région",
        title_nl="Een opengeslagen plan voor de kaart van het Gewest",
        alt_fr="Dessin : un plan ouvert sur une table, devant la carte des zones de police.",
        alt_nl="Tekening: een opengeslagen plan op een tafel, voor de kaart van de politiezones.",
    ),
    DemoImage(
        key="news-winter",
        title_fr="Un soir d'hiver sur la place",
        title_nl="Een winteravond op het plein",
        alt_fr="Dessin : des chalets et un sapin illuminés sous la neige, au pied de la tour de l'hôtel de ville.",
        alt_nl="Tekening: verlichte kraampjes en een kerstboom in de sneeuw, aan de voet van de stadhuistoren.",
    ),
    DemoImage(
        key="news-training",
        title_fr="Une journée de formation",
        title_nl="Een vormingsdag",
        alt_fr="Dessin : une oratrice devant un écran, face à deux rangées de participants.",
        alt_nl="Tekening: een spreekster voor een scherm, tegenover twee rijen deelnemers.",
    ),
    DemoImage(
        key="news-phone",
        title_fr="Un appel à l'aide",
        title_nl="Een oproep om hulp",
        alt_fr="Dessin : une main tient un téléphone qui appelle ; police, pompiers et aide médicale répondent.",
        alt_nl="Tekening: een hand houdt een bellende telefoon vast; politie, brandweer en medische hulp antwoorden.",
    ),
    DemoImage(
        key="news-storm",
        title_fr="Tempête sur la ville",
        title_nl="Storm boven de stad",
        alt_fr="Dessin : des passants sous leur parapluie et des arbres courbés par le vent, dans une rue sous "
        "la pluie.",
        alt_nl="Tekening: voorbijgangers onder hun paraplu en door de wind gebogen bomen, in een straat in de "
        "regen.",
    ),
)

_BY_KEY = {item.key: item for item in IMAGES}


def picture(key: str, caption_fr: str = "", caption_nl: str = "") -> Block:
    """An image block with the picture's own alternative text. KeyError for an unknown picture."""
    found = _BY_KEY[key]
    return image(key, (found.alt_fr, found.alt_nl), (caption_fr, caption_nl))
