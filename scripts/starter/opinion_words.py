"""Words of praise and of complaint, and what people praise and complain about."""


def _words(table: str) -> tuple[str, ...]:
    """Entries parted by white space; "_" stands for a space inside one."""
    return tuple(entry.replace("_", " ") for entry in table.split())


def _lines(table: str) -> tuple[str, ...]:
    """Entries parted by ";" or line ends."""
    return tuple(part.strip() for part in table.replace("\n", ";").split(";") if part.strip())


# Adjectives that fit nearly anything.
GOOD = _words("""
good great nice lovely wonderful excellent amazing awesome fantastic superb brilliant perfect
beautiful outstanding terrific marvellous magnificent splendid fabulous incredible impressive
delightful pleasant charming enjoyable fine decent solid remarkable exceptional stunning gorgeous
fun interesting fascinating inspiring satisfying special memorable unforgettable adorable cute
elegant stylish classy cool neat sweet top-notch first-rate first-class flawless faultless ideal
superior exquisite sublime divine heavenly magical enchanting refreshing relaxing comforting
reassuring thrilling exciting uplifting heartwarming touching admirable commendable praiseworthy
worthwhile valuable priceless phenomenal spectacular breathtaking glorious extraordinary positive
favourable welcome joyful cheerful happy successful rewarding promising stellar
super splendid attractive appealing likeable lovable tasteful clever genius smart creative original
refined polished graceful likable pleasing agreeable best-in-class unbeatable world-class tremendous
""")
BAD = _words("""
bad terrible awful horrible poor dreadful appalling disgusting atrocious abysmal lousy rubbish
useless worthless pathetic disappointing boring dull tedious unpleasant nasty ugly annoying
irritating
frustrating infuriating depressing miserable sad shocking unacceptable inferior mediocre subpar weak
pointless ridiculous stupid silly absurd hopeless horrendous hideous ghastly gruesome vile foul
revolting repulsive gross dire grim bleak lame pitiful shameful disgraceful embarrassing offensive
insulting painful unbearable intolerable exhausting tiresome unimpressive underwhelming forgettable
overrated overpriced unsatisfying unsatisfactory inadequate insufficient deplorable despicable
horrid rotten crappy trashy cheap-looking tacky clumsy sloppy careless messy chaotic confusing
troubling worrying upsetting disturbing scary frightening dangerous unsafe harmful nightmarish
catastrophic disastrous woeful wretched uninspired unoriginal unfair wrong negative unhappy bitter
joyless lifeless soulless bland monotonous dismal second-rate third-rate amateurish laughable
""")

# Adjectives by sort of thing, praise and complaint.
FOOD_GOOD = _words("""
delicious tasty yummy fresh juicy crispy crunchy creamy flavourful scrumptious mouth-watering
tender succulent well-seasoned homemade fluffy appetising rich savoury nutritious filling moist
""")
FOOD_BAD = _words("""
tasteless flavourless stale soggy greasy burnt undercooked overcooked rancid mouldy inedible dry
watery lukewarm rubbery salty sour bland cold raw chewy spoiled oily sickly uneatable lumpy tough
""")
PERSON_GOOD = _words("""
kind friendly helpful polite generous patient caring thoughtful honest funny charming gentle
considerate welcoming warm attentive professional supportive courteous understanding talented
hard-working reliable loyal trustworthy sincere humble brave compassionate good-natured respectful
knowledgeable competent cheerful lovely hospitable approachable sweet dependable witty skilled
""")
PERSON_BAD = _words("""
rude unfriendly unhelpful impolite selfish impatient arrogant mean cruel dishonest lazy
incompetent unprofessional grumpy hostile cold bossy aggressive disrespectful inattentive careless
ignorant moody spiteful greedy untrustworthy inconsiderate unkind obnoxious insensitive jealous
condescending dismissive unreliable toxic heartless ungrateful clueless bad-tempered sarcastic sulky
""")
THING_GOOD = _words("""
sturdy reliable durable comfortable practical handy useful fast quick easy_to_use well-made
lightweight powerful affordable robust efficient smooth quiet accurate versatile user-friendly
long-lasting comfy soft convenient intuitive sleek bright well-designed waterproof portable
responsive good_value reasonably_priced high-quality ergonomic dependable inexpensive effective
""")
THING_BAD = _words("""
flimsy unreliable broken defective faulty uncomfortable impractical slow noisy heavy buggy glitchy
overpriced fragile scratched cheaply_made damaged expensive inaccurate complicated clunky leaky
dim wobbly unusable poorly_made badly_designed unstable laggy low-quality incompatible cracked dirty
hard_to_use ineffective inefficient outdated unresponsive missing_parts rusty itchy torn dented
""")
STORY_GOOD = _words("""
gripping moving entertaining hilarious captivating well-acted thoughtful clever powerful funny
suspenseful engaging addictive riveting well-written thought-provoking absorbing compelling
imaginative witty enthralling poetic electrifying spellbinding catchy melodic unmissable hypnotic
""")
STORY_BAD = _words("""
predictable boring slow shallow cheesy badly_acted confusing unfunny pretentious overlong dull
cliched unconvincing repetitive incoherent dragging plotless unwatchable unreadable poorly_written
sluggish contrived tuneless long-winded sentimental corny messy forced tedious stale derivative
""")
PLACE_GOOD = _words("""
clean spacious cosy quiet peaceful charming modern picturesque scenic comfortable well-kept
spotless lively sunny safe central bright tidy airy luxurious inviting idyllic romantic tranquil
welcoming serene well-located stylish immaculate restful warm breezy unspoilt vibrant
family-friendly
""")
PLACE_BAD = _words("""
dirty noisy cramped crowded filthy smelly shabby damp dusty run-down dark gloomy freezing stuffy
dingy unsafe unwelcoming overcrowded ugly mouldy stinky cold depressing isolated neglected grimy
tiny draughty polluted sleazy chilly infested cluttered dull touristy sordid unhygienic grubby
""")
WEATHER_GOOD = _words("sunny warm mild bright pleasant clear gorgeous lovely glorious balmy fine")
WEATHER_BAD = _words("""
rainy freezing stormy gloomy grey miserable windy cold foggy wet horrible dreary humid sweltering
chilly muggy awful grim drizzly icy damp
""")
SERVICE_GOOD = _words("""
fast friendly prompt helpful efficient attentive quick professional smooth reliable punctual
courteous speedy impeccable flawless organised well-organised hassle-free responsive seamless swift
""")
SERVICE_BAD = _words("""
slow rude late unreliable inefficient unhelpful sluggish delayed disorganised careless chaotic
unprofessional sloppy incompetent non-existent indifferent unresponsive painful overpriced shoddy
""")

FOODS = _words("""
food meal soup pizza cake bread coffee tea breakfast lunch dinner dessert pasta salad burger steak
sandwich chicken fish curry sushi rice sauce chocolate ice_cream pie wine beer juice omelette
noodles cheese chips fruit menu buffet croissant pancakes stew toast roast starter cookies
""")
PEOPLE = _words("""
staff waiter waitress manager teacher doctor neighbour boss driver nurse receptionist host colleague
cashier guide landlord dentist friend brother sister hairdresser assistant instructor seller barber
coach technician chef team crew salesman agent uncle aunt roommate cleaner plumber mechanic
""")
THINGS = _words("""
phone laptop camera jacket bag chair printer car bike vacuum headphones keyboard watch lamp mattress
shoes shirt tablet app game website software blender kettle umbrella toy battery screen speaker
charger product tool backpack coat dress sofa fridge pen mouse router monitor tent oven mixer
update design quality packaging cable case boots jeans sweater pillow blanket toaster drill
""")
STORIES = _words("""
film movie book story show series song album concert play novel episode ending plot acting
soundtrack documentary performance script music comedy speech lecture exhibition article podcast
trailer cast sequel magazine poem video presentation course class match dialogue director lyrics
""")
PLACES = _words("""
hotel room beach restaurant city park museum apartment house cafe garden village town pool shop bar
office school hostel campsite bathroom neighbourhood station airport theatre library market flat
kitchen resort bedroom street gym view location island hospital lobby bed cabin terrace cottage
""")
SERVICES = _words("""
service delivery shipping support help_desk check-in booking repair customer_service train flight
bus taxi response reply refund_process installation communication organisation maintenance trip
journey tour visit holiday experience party wedding meeting project work job interview lesson
""")
WEATHERS = ("weather", "day", "morning", "afternoon", "weekend", "evening", "climate", "summer")

DEGREES = _words("""
very really so extremely absolutely truly incredibly quite totally pretty rather simply just
completely utterly surprisingly unbelievably remarkably particularly always super
""")

# What happened, or what somebody says of it, as whole clauses.
GOOD_CLAUSES = _lines("""
it works perfectly; it works like a charm; it does exactly what it should; it arrived on time
it arrived a day early; it exceeded my expectations; it was worth every penny; it is worth the money
it is worth a visit; it fits perfectly; it looks great; I could not ask for more; it made my day
I would buy it again; I would go back tomorrow; I will definitely come back; I highly recommend it
I recommend it to everyone; everyone loved it; the kids loved it; my wife adores it; we had a blast
we had a wonderful time; I enjoyed every minute; I laughed out loud; I could not stop laughing
I could not put it down; I was pleasantly surprised; we were treated like family
I slept like a baby
it saved me so much time; it solved my problem; they fixed it right away; they went the extra mile
I am so glad I bought it; I am very happy with it; I feel much better now; it cheered me up
I got the job; I passed my exam; we won the match; you did a great job; you made me smile
thank you so much; thanks for your help; I am grateful for your support; I love my new job
it brought tears of joy to my eyes; I can't wait to go again; I can't wait to see you
it could not have been better; it gets better every time; nothing to complain about
I can't complain
five stars; two thumbs up; ten out of ten; well done; keep up the good work; what a treat
it was a pleasure; it is a real bargain; it is a masterpiece; it was a dream come true
I have no complaints; there were no problems at all; I would not change a thing; I miss it already
we never had a single problem; I was not disappointed; it did not disappoint; you won't regret it
it never lets me down; you can't go wrong with it; nothing beats it
I would not trade it for anything
the best money I ever spent; they were happy to help; she welcomed us with a smile
it is my favourite
he always makes me laugh; I fell in love with it; it was love at first sight; I am proud of you
the time flew by; it melts in your mouth; I had a second helping; we stayed longer than planned
the battery lasts for days; it feels like home; it was easy to set up; it still works after years
""")
BAD_CLAUSES = _lines("""
it does not work; it stopped working; it broke after two days; it fell apart; it never arrived
it arrived broken; it arrived late; it is a waste of money; it was a waste of time
I want my money back
I want a refund; it is not worth it; it is not worth the money; it does not fit; I regret buying it
I would not buy it again; I will never come back; never again; I would not recommend it; avoid it
stay away from this place; do not waste your time; do not buy this; nobody liked it
the kids hated it
I fell asleep halfway through; I walked out; I wanted to cry; I was bored to tears; it made me sick
we got food poisoning; I could not sleep at all; we waited for two hours; they ignored us
they never answered my calls; nobody came to help; they lost my luggage; they cancelled my flight
they overcharged us; he shouted at us; she lied to me; you ruined everything; you let me down
I can't believe you ruined it; I am so disappointed; I expected better; I expected more
it could have been better; it leaves a lot to be desired; it failed on the first day
it keeps crashing
it ruined our holiday; it ruined my day; it spoiled the evening; I lost my job; I failed my exam
we lost the match; my phone was stolen; I feel sick; I feel lonely; I have had enough; I am fed up
one star; two thumbs down; zero out of ten; what a mess; what a shame; what a disappointment
it is a rip-off; it was a disaster; it was a nightmare; it is a total failure; it gave me a headache
I have nothing good to say about it; there was no hot water; there were bugs in the bed; it stinks
it does not do what it says; it never worked; nothing works; I can't stand it; I can't recommend it
it hurts my eyes; it hurts my feet; the battery dies after an hour; we left early; I threw it away
I sent it back; I returned it; the screen cracked; it makes a terrible noise
it gets worse every time
nobody should have to put up with this; you should be ashamed; you broke my heart; I cried all night
they refused to help; he did not even say sorry; she never listens; it tasted like cardboard
I wish I had stayed at home; I wish I had never bought it; it could not be worse; I miss the old one
they forgot our order; the food was late and cold; it took forever; I would give it zero if I could
""")

GOOD_VERBS = _words("love adore like enjoy appreciate admire treasure cherish recommend value")
BAD_VERBS = _words("hate dislike detest despise loathe regret resent dread avoid reject")
GOOD_PAST = _words("loved adored liked enjoyed appreciated admired praised recommended treasured")
BAD_PAST = _words("hated disliked detested despised loathed regretted criticised dreaded rejected")
GOOD_NOUNS = _words("""
delight masterpiece treat gem joy pleasure success triumph bargain winner blessing dream miracle
hit treasure improvement classic highlight relief gift success_story work_of_art must-see
""")
BAD_NOUNS = _words("""
disaster nightmare mess failure joke disgrace scam rip-off letdown disappointment waste_of_time
waste_of_money mistake flop shame insult catastrophe bore burden fiasco headache pain embarrassment
""")
GOOD_FEELINGS = _words("""
happy glad pleased delighted thrilled satisfied excited grateful proud relaxed impressed amused
overjoyed content hopeful lucky cheerful thankful relieved ecstatic blessed charmed comfortable
enthusiastic inspired
""")
BAD_FEELINGS = _words("""
sad angry upset disappointed annoyed furious unhappy bored frustrated worried miserable ashamed
lonely disgusted exhausted depressed horrified irritated heartbroken hurt dissatisfied scared afraid
fed_up shocked appalled devastated nervous stressed confused jealous desperate
""")
# Good in a thing, so that its lack is bad; and trouble, so that its lack is good.
VIRTUES = _words("""
flavour taste charm style humour quality respect value comfort class character imagination warmth
patience talent depth passion originality hot_water space privacy manners support energy
""")
TROUBLES = _words("""
problems trouble complaints issues bugs delays noise stress mistakes surprises hassle difficulties
queues hidden_costs fuss drama faults regrets errors worries damage pain
""")
# Neither good nor bad, but bad with "too" or "not ... enough".
TOO = _words("""
hot cold long short small big loud expensive heavy slow sweet salty spicy crowded complicated far
hard dark tight late strong thin bright dry early difficult fast quiet soft
""")
ENOUGH = _words("""
big long fast warm strong clear hot bright comfortable soft sweet clean quiet loud cold interesting
good easy fresh safe friendly funny
""")
NEUTRAL = _lines("""
the meeting is at ten o'clock; I am going to the shop; the book is on the table; it is Monday
the train leaves at noon; my name is Anna; she lives in Paris; there are two chairs in the room
the car is blue; we have a dog and a cat; he reads the newspaper in the morning; what time is it
where is the station; the report has twelve pages; I bought some bread; the door is open
he works in an office; the lesson starts on Tuesday; please send me the file; it is next to the bank
the film lasts two hours; she is wearing a green coat; there is a tree in front of the house
""")
