"""The everyday words of the translation grammar, in English and French."""

from scripts.starter.french_forms import adjectives, nouns, verbs


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


PEOPLE = nouns("""
man/men = homme m; woman/women = femme f; boy = garçon m; girl = fille f; child/children = enfant m
baby = bébé m; brother = frère m; sister = sœur f; mother = mère f; father = père m; son = fils m
daughter = fille f; friend = ami m; teacher = professeur m; doctor = médecin m; neighbour = voisin m
grandmother = grand-mère/grands-mères f; grandfather = grand-père/grands-pères m; uncle = oncle m
aunt = tante f; cousin = cousin m; husband = mari m; wife/wives = femme f; student = étudiant m
nurse = infirmière f; farmer = fermier m; baker = boulanger m; singer = chanteur m
policeman/policemen = policier m; driver = chauffeur m; king = roi m; queen = reine f
""")

ANIMALS = nouns("""
cat = chat m; dog = chien m; bird = oiseau m; horse = cheval m; cow = vache f; mouse/mice = souris f
rabbit = lapin m; fish/fish = poisson m; duck = canard m; pig = cochon m; sheep/sheep = mouton m
chicken = poule f; lion = lion m; tiger = tigre m; elephant = éléphant m; monkey = singe m
bear = ours m; frog = grenouille f; snake = serpent m; butterfly = papillon m; bee = abeille f
wolf/wolves = loup m; fox = renard m; goat = chèvre f; donkey = âne m; spider = araignée f
kitten = chaton m; puppy = chiot m; squirrel = écureuil m; turtle = tortue f; giraffe = girafe f
""")

FOODS = nouns("""
apple = pomme f; orange = orange f; banana = banane f; pear = poire f; egg = œuf m; cake = gâteau m
tomato/tomatoes = tomate f; potato/potatoes = pomme de terre/pommes de terre f; onion = oignon m
carrot = carotte f; strawberry = fraise f; cherry = cerise f; peach = pêche f; lemon = citron m
sandwich = sandwich m; pizza = pizza f; biscuit = biscuit m; pancake = crêpe f; burger = burger m
sausage = saucisse f; mushroom = champignon m; vegetable = légume m; croissant = croissant m
bean = haricot m; cucumber = concombre m; grape = raisin m; tart = tarte f; sweet = bonbon m
""")

FOOD_STUFFS = nouns("""
bread = pain m; cheese = fromage m; butter = beurre m; meat = viande f; rice = riz m; soup = soupe f
chocolate = chocolat m; sugar = sucre m; salt = sel m; jam = confiture f; honey = miel m
salad = salade f; ice cream = glace f; ham = jambon m; chicken = poulet m; fish = poisson m
beef = bœuf m; garlic = ail m; pepper = poivre m; yoghurt = yaourt m; oil = huile f; fruit = fruit m
""")

DRINKS = nouns("""
tea = thé m; coffee = café m; water = eau f; milk = lait m; wine = vin m; beer = bière f
juice = jus m; orange juice = jus d'orange m; hot chocolate = chocolat chaud m
lemonade = limonade f
apple juice = jus de pomme m; red wine = vin rouge m; white wine = vin blanc m
""")

THINGS = nouns("""
book = livre m; pen = stylo m; bag = sac m; key = clé f; phone = téléphone m; hat = chapeau m
coat = manteau m; shirt = chemise f; dress = robe f; shoe = chaussure f; ball = balle f
cup = tasse f
glass = verre m; bottle = bouteille f; plate = assiette f; knife/knives = couteau m; box = boîte f
fork = fourchette f; spoon = cuillère f; lamp = lampe f; clock = horloge f; picture = image f
letter = lettre f; newspaper = journal m; watch = montre f; umbrella = parapluie m; toy = jouet m
computer = ordinateur m; ticket = billet m; flower = fleur f; camera = appareil photo m
guitar = guitare f; piano = piano m; bicycle = vélo m; bike = vélo m; car = voiture f; map = carte f
photo = photo f; notebook = cahier m; pencil = crayon m; mirror = miroir m; candle = bougie f
gift = cadeau m; present = cadeau m; blanket = couverture f; pillow = oreiller m; scarf = écharpe f
basket = panier m; radio = radio f; towel = serviette f; sweater = pull m; glove = gant m
suitcase = valise f; wallet = portefeuille m; ring = bague f; battery = pile f; screen = écran m
""")

READINGS = nouns("""
book = livre m; letter = lettre f; newspaper = journal m; story = histoire f; poem = poème m
message = message m; magazine = magazine m; novel = roman m; page = page f; article = article m
""")

FURNITURE = nouns("""
table = table f; chair = chaise f; sofa = canapé m; bed = lit m; desk = bureau m; shelf = étagère f
floor = sol m; carpet = tapis m; roof = toit m; wall = mur m; bench = banc m; armchair = fauteuil m
cupboard = placard m; fridge = frigo m; oven = four m; piano = piano m
""")

ROOMS = nouns("""
kitchen = cuisine f; garden = jardin m; bedroom = chambre f; bathroom = salle de bain f
house = maison f; living room = salon m; car = voiture f; box = boîte f; park = parc m
street = rue f; classroom = salle de classe f; forest = forêt f; river = rivière f; sea = mer f
hotel = hôtel m; office = bureau m; library = bibliothèque f; city = ville f; village = village m
room = chambre f; tree = arbre m; water = eau f; snow = neige f; bag = sac m; train = train m
bus = bus m; shop = magasin m; restaurant = restaurant m; basket = panier m; field = champ m
""")

PLACES = nouns("""
school = école f; station = gare f; beach = plage f; park = parc m; market = marché m
museum = musée m; cinema = cinéma m; airport = aéroport m; hospital = hôpital m; bank = banque f
library = bibliothèque f; church = église f; supermarket = supermarché m; restaurant = restaurant m
hotel = hôtel m; theatre = théâtre m; office = bureau m; post office = poste f; zoo = zoo m
bakery = boulangerie f; pharmacy = pharmacie f; swimming pool = piscine f; university = université f
""")

BUILDINGS = nouns("""
house = maison f; door = porte f; window = fenêtre f; town = ville f; street = rue f
bridge = pont m
room = chambre f; garden = jardin m; hotel = hôtel m; tower = tour f; castle = château m
mountain = montagne f; river = rivière f; beach = plage f; tree = arbre m; sky = ciel m
forest = forêt f; village = village m; road = route f; lake = lac m; island = île f
school = école f
""")

COLOURS = adjectives("""
red = rouge; green = vert; blue = bleu; yellow = jaune; orange = orange!; purple = violet/violette
pink = rose; black = noir; white = blanc/blanche; grey = gris; brown = marron!
""")

FEELINGS = adjectives("""
happy = heureux; sad = triste; tired = fatigué; angry = en colère!; ill = malade; sick = malade
ready = prêt; busy = occupé; alone = seul; nervous = nerveux; late = en retard!; proud = fier/fière
calm = calme; worried = inquiet/inquiète; lost = perdu; surprised = surpris; awake = réveillé
jealous = jaloux/jalouse; free = libre; bored = ennuyé; early = en avance!; quiet = silencieux
""")

CHARACTER = adjectives("""
young = < jeune; old = < vieux/vieille; kind = gentil/gentille; tall = < grand; funny = drôle
intelligent = intelligent; clever = malin/maligne; rich = riche; poor = pauvre; strong = fort
famous = célèbre; polite = poli; brave = courageux; pretty = < joli; beautiful = < beau/belle
serious = sérieux; lazy = paresseux; nice = sympathique; honest = honnête; generous = généreux
""")

BEAST_LOOKS = adjectives("""
small = < petit; big = < grand; old = < vieux/vieille; young = < jeune; fat = < gros/grosse
beautiful = < beau/belle; fast = rapide; wild = sauvage; white = blanc/blanche; black = noir
brown = marron!; grey = gris; dangerous = dangereux; pretty = < joli; happy = heureux
""")

LOOKS = adjectives("""
new = < nouveau/nouvelle; old = < vieux/vieille; big = < grand; small = < petit
long = < long/longue
beautiful = < beau/belle; pretty = < joli; good = < bon/bonne; bad = < mauvais; heavy = lourd
expensive = cher/chère; cheap = bon marché!; broken = cassé; clean = propre; dirty = sale
empty = vide; full = plein; light = léger/légère; interesting = intéressant; useful = utile
strange = étrange; important = important; red = rouge; blue = bleu; green = vert; yellow = jaune
black = noir; white = blanc/blanche; different = différent; modern = moderne; round = rond
""")

SCENERY_LOOKS = adjectives("""
big = < grand; small = < petit; old = < vieux/vieille; new = < nouveau/nouvelle; quiet = calme
beautiful = < beau/belle; open = ouvert; closed = fermé; dark = sombre; empty = vide; clean = propre
dirty = sale; blue = bleu; white = blanc/blanche; long = < long/longue; dangerous = dangereux
""")

TASTES = adjectives("""
good = bon/bonne; bad = mauvais; delicious = délicieux; hot = chaud; cold = froid; sweet = sucré
fresh = frais/fraîche; excellent = excellent; ready = prêt; warm = chaud; salty = salé
""")

# Verbs with an object of a given sort.
EATING = verbs("""
eat ate = mang+er; cook = cuisin+er
buy bought = achète achète achetons achetez achètent acheter acheté
prepare = prépar+er; taste = goût+er; want wanted = veux veut voulons voulez veulent vouloir voulu
sell sold = vends vend vendons vendez vendent vendre vendu; cut cut cutting = coup+er
""")

DRINKING = verbs("drink drank = bois boit buvons buvez boivent boire bu")

READING = verbs("""
read read = lis lit lisons lisez lisent lire lu
write wrote = écris écrit écrivons écrivez écrivent écrire écrit
""")

HANDLING = verbs("""
see saw = vois voit voyons voyez voient voir vu; find found = trouv+er; look_at = regard+er
buy bought = achète achète achetons achetez achètent acheter acheté; look_for = cherch+er
take took = prends prend prenons prenez prennent prendre pris; carry = port+er
sell sold = vends vend vendons vendez vendent vendre vendu
lose lost = perds perd perdons perdez perdent perdre perdu
need = ai_besoin_de a_besoin_de avons_besoin_de avez_besoin_de ont_besoin_de avoir_besoin_de eu_besoin_de
wash = lav+er; clean = nettoie nettoie nettoyons nettoyez nettoient nettoyer nettoyé
show = montr+er
choose chose = choisis choisit choisissons choisissez choisissent choisir choisi; use = utilis+er
put put putting = mets met mettons mettez mettent mettre mis; repair = répar+er
draw drew = dessin+er
open = ouvre ouvre ouvrons ouvrez ouvrent ouvrir ouvert; close = ferm+er
forget forgot forgetting = oubli+er
break broke = cass+er; hide hid = cach+er; keep kept = gard+er; photograph = photographi+er
bring brought = apport+er; hold held = tiens tient tenons tenez tiennent tenir tenu
""")  # noqa: E501

MEETING = verbs("""
see saw = vois voit voyons voyez voient voir vu
know knew = connais connaît connaissons connaissez connaissent connaître connu
look_for = cherch+er; help = aid+er; love = aim+er
wait_for = attends attend attendons attendez attendent attendre attendu
listen_to = écout+er
visit = rends_visite_à rend_visite_à rendons_visite_à rendez_visite_à rendent_visite_à rendre_visite_à rendu_visite_à
call = appelle appelle appelons appelez appellent appeler appelé; invite = invit+er
thank = remerci+er
meet met meeting = rencontr+er; watch = regard+er
talk_to = parle_à parle_à parlons_à parlez_à parlent_à parler_à parlé_à
understand understood = comprends comprend comprenons comprenez comprennent comprendre compris
""")  # noqa: E501

ACTING = verbs("""
sleep slept = dors dort dormons dormez dorment dormir dormi; play = jou+er; work = travaill+er
run ran running = cours court courons courez courent courir couru; swim swam swimming = nag+er
sing sang = chant+er; dance = dans+er; walk = march+er; laugh = ris rit rions riez rient rire ri
cry = pleur+er; wait = attends attend attendons attendez attendent attendre attendu
eat ate = mang+er
read read = lis lit lisons lisez lisent lire lu; study = étudi+er; jump = saut+er; cook = cuisin+er
live lived = vis vit vivons vivez vivent vivre vécu
drive drove = conduis conduit conduisons conduisez conduisent conduire conduit
write wrote = écris écrit écrivons écrivez écrivent écrire écrit; talk = parl+er
travel travelled travelling = voyag+er
draw drew = dessin+er; listen = écout+er
smile = souris sourit sourions souriez sourient sourire souri
""")

NAMES = _words("""
Paul Anna Marie Tom Emma Lucas Sophie Pierre Alice Julie Thomas Camille Peter Sarah David
Louis Nina Hugo Leo Clara Martin Laura Simon Eva Adam Mark Lisa John Mary Ben
""")

# City or country: English, "in / to" in French.
TOWNS = (
    ("Paris", "à Paris"), ("London", "à Londres"), ("Berlin", "à Berlin"), ("Rome", "à Rome"),
    ("Madrid", "à Madrid"), ("New York", "à New York"), ("Lyon", "à Lyon"), ("Tokyo", "à Tokyo"),
    ("Geneva", "à Genève"), ("Brussels", "à Bruxelles"), ("Montreal", "à Montréal"),
    ("France", "en France"), ("England", "en Angleterre"), ("Spain", "en Espagne"),
    ("Italy", "en Italie"), ("Germany", "en Allemagne"), ("China", "en Chine"),
    ("Japan", "au Japon"), ("Canada", "au Canada"), ("Portugal", "au Portugal"),
    ("Belgium", "en Belgique"), ("Switzerland", "en Suisse"),
    ("the United States", "aux États-Unis"),
)  # fmt: skip

DAYS = (
    ("Monday", "lundi"), ("Tuesday", "mardi"), ("Wednesday", "mercredi"), ("Thursday", "jeudi"),
    ("Friday", "vendredi"), ("Saturday", "samedi"), ("Sunday", "dimanche"),
)  # fmt: skip
MONTHS = (
    ("January", "janvier"), ("February", "février"), ("March", "mars"), ("April", "avril"),
    ("May", "mai"), ("June", "juin"), ("July", "juillet"), ("August", "août"),
    ("September", "septembre"), ("October", "octobre"), ("November", "novembre"),
    ("December", "décembre"),
)  # fmt: skip
SEASONS = (
    ("in spring", "au printemps"), ("in summer", "en été"), ("in autumn", "en automne"),
    ("in winter", "en hiver"),
)  # fmt: skip

COUNTS = tuple(
    zip(
        _words(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty"
        ),
        _words(
            "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
            "seize dix-sept dix-huit dix-neuf vingt"
        ),
        strict=True,
    )
)

# Adverbs of time, by the tense they go with.
HABITS = (
    ("every day", "tous les jours"), ("in the morning", "le matin"), ("often", "souvent"),
    ("in the evening", "le soir"), ("on Sundays", "le dimanche"), ("today", "aujourd'hui"),
    ("now", "maintenant"), ("in the afternoon", "l'après-midi"), ("at night", "la nuit"),
    ("every morning", "tous les matins"), ("every week", "toutes les semaines"),
    ("at home", "à la maison"), ("here", "ici"), ("together", "ensemble"), ("there", "là-bas"),
    ("a lot", "beaucoup"), ("at school", "à l'école"), ("outside", "dehors"), ("again", "encore"),
)  # fmt: skip
PAST_TIMES = (
    ("yesterday", "hier"), ("this morning", "ce matin"), ("last night", "hier soir"),
    ("last week", "la semaine dernière"), ("on Monday", "lundi"), ("last year", "l'année dernière"),
    ("on Saturday", "samedi"), ("two days ago", "il y a deux jours"),
)  # fmt: skip
FUTURE_TIMES = (
    ("tomorrow", "demain"), ("tonight", "ce soir"), ("next week", "la semaine prochaine"),
    ("this evening", "ce soir"), ("on Friday", "vendredi"), ("next year", "l'année prochaine"),
    ("tomorrow morning", "demain matin"), ("this weekend", "ce week-end"), ("soon", "bientôt"),
)  # fmt: skip
DEGREES = (
    ("very", "très"), ("too", "trop"), ("really", "vraiment"), ("so", "si"),
    ("a little", "un peu"), ("always", "toujours"), ("not very", "pas très"),
)  # fmt: skip
MEASURES = nouns("""
cup = tasse f; glass = verre m; bottle = bouteille f; bowl = bol m; kilo = kilo m
""")
