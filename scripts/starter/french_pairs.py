"""Hand-written English and French pairs: some to learn from, some only to test with."""

_TRAINING = """
Hello! | Bonjour !
Hi! | Salut !
Hello, how are you? | Bonjour, comment allez-vous ?
How are you? | Comment allez-vous ?
How are you today? | Comment allez-vous aujourd'hui ?
I am fine, thank you. | Je vais bien, merci.
I'm fine, thanks. | Je vais bien, merci.
Very well, thank you. | Très bien, merci.
Good morning. | Bonjour.
Good afternoon. | Bonjour.
Good evening. | Bonsoir.
Good night. | Bonne nuit.
Goodbye. | Au revoir.
Bye! | Au revoir !
See you soon. | À bientôt.
See you tomorrow. | À demain.
See you later. | À plus tard.
Welcome! | Bienvenue !
Welcome to Paris. | Bienvenue à Paris.
Thank you. | Merci.
Thank you very much. | Merci beaucoup.
Thanks a lot. | Merci beaucoup.
Thanks for your help. | Merci pour votre aide.
You are welcome. | De rien.
You're welcome. | De rien.
Please. | S'il vous plaît.
Excuse me. | Excusez-moi.
I am sorry. | Je suis désolé.
I'm sorry. | Je suis désolé.
Sorry! | Pardon !
Yes. | Oui.
No. | Non.
Yes, please. | Oui, s'il vous plaît.
No, thank you. | Non, merci.
Maybe. | Peut-être.
Of course. | Bien sûr.
I agree. | Je suis d'accord.
I do not agree. | Je ne suis pas d'accord.
Okay. | D'accord.
Positive. | Positif.
Negative. | Négatif.
Congratulations! | Félicitations !
Happy birthday! | Joyeux anniversaire !
Merry Christmas! | Joyeux Noël !
Happy New Year! | Bonne année !
Good luck! | Bonne chance !
Enjoy your meal. | Bon appétit.
Have a nice day. | Bonne journée.
Have a good trip. | Bon voyage.
Cheers! | Santé !
Help! | Au secours !
Be careful! | Faites attention !
Nice to meet you. | Enchanté.
What is your name? | Comment vous appelez-vous ?
What is this? | Qu'est-ce que c'est ?
What is that? | Qu'est-ce que c'est ?
Who is it? | Qui est-ce ?
Who are you? | Qui êtes-vous ?
Where do you live? | Où habitez-vous ?
Where do you come from? | D'où venez-vous ?
Where are you from? | D'où venez-vous ?
I come from Canada. | Je viens du Canada.
I am from England. | Je viens d'Angleterre.
I am French. | Je suis français.
She is English. | Elle est anglaise.
They are American. | Ils sont américains.
Where are you going? | Où allez-vous ?
Where is he going? | Où va-t-il ?
Where is she? | Où est-elle ?
Where are they? | Où sont-ils ?
Where are we? | Où sommes-nous ?
What are you doing? | Que faites-vous ?
What is he doing? | Que fait-il ?
What is she doing? | Que fait-elle ?
What are they doing? | Que font-ils ?
What do you want? | Que voulez-vous ?
What would you like? | Que désirez-vous ?
What do you see? | Que voyez-vous ?
What do you see in the picture? | Que voyez-vous dans l'image ?
What is in the picture? | Qu'y a-t-il dans l'image ?
What is on the table? | Qu'y a-t-il sur la table ?
What is in the box? | Qu'y a-t-il dans la boîte ?
What do you think? | Qu'en pensez-vous ?
What time is it? | Quelle heure est-il ?
What day is it? | Quel jour sommes-nous ?
What is the weather like? | Quel temps fait-il ?
What is the weather like today? | Quel temps fait-il aujourd'hui ?
How old are you? | Quel âge avez-vous ?
How old is she? | Quel âge a-t-elle ?
How much is it? | Combien ça coûte ?
How much does it cost? | Combien ça coûte ?
How many children do you have? | Combien d'enfants avez-vous ?
How do you say that in French? | Comment dit-on cela en français ?
Why? | Pourquoi ?
Why not? | Pourquoi pas ?
When? | Quand ?
Where? | Où ?
Who? | Qui ?
What? | Quoi ?
When does the train leave? | Quand part le train ?
When does the shop open? | Quand ouvre le magasin ?
Why are you sad? | Pourquoi êtes-vous triste ?
Why are you late? | Pourquoi êtes-vous en retard ?
Why is she crying? | Pourquoi pleure-t-elle ?
Do you speak English? | Parlez-vous anglais ?
Do you speak French? | Parlez-vous français ?
I speak English. | Je parle anglais.
I speak a little French. | Je parle un peu français.
I do not speak French. | Je ne parle pas français.
She speaks Spanish. | Elle parle espagnol.
I do not understand. | Je ne comprends pas.
I don't understand. | Je ne comprends pas.
I understand. | Je comprends.
I don't know. | Je ne sais pas.
I do not know. | Je ne sais pas.
I know. | Je sais.
I think so. | Je crois que oui.
I am not sure. | Je ne suis pas sûr.
Can you help me? | Pouvez-vous m'aider ?
Could you help me, please? | Pourriez-vous m'aider, s'il vous plaît ?
Can you repeat, please? | Pouvez-vous répéter, s'il vous plaît ?
Speak slowly, please. | Parlez lentement, s'il vous plaît.
Come here. | Venez ici.
Come in. | Entrez.
Sit down. | Asseyez-vous.
Stand up. | Levez-vous.
Listen to me. | Écoutez-moi.
Look at me. | Regardez-moi.
Wait for me. | Attendez-moi.
Follow me. | Suivez-moi.
Help me. | Aidez-moi.
Call me tomorrow. | Appelez-moi demain.
Give me the book. | Donnez-moi le livre.
Give me a pen, please. | Donnez-moi un stylo, s'il vous plaît.
Show me the picture. | Montrez-moi l'image.
Tell me a story. | Racontez-moi une histoire.
Open the window. | Ouvrez la fenêtre.
Open the window, please. | Ouvrez la fenêtre, s'il vous plaît.
Close the door. | Fermez la porte.
Turn on the light. | Allumez la lumière.
Turn off the light. | Éteignez la lumière.
Turn left. | Tournez à gauche.
Turn right. | Tournez à droite.
Go straight ahead. | Allez tout droit.
Let's go! | Allons-y !
Let's eat. | Mangeons.
Stop! | Arrêtez !
Be quiet. | Taisez-vous.
Don't worry. | Ne vous inquiétez pas.
Hurry up! | Dépêchez-vous !
I love you. | Je t'aime.
I miss you. | Tu me manques.
I like you. | Je t'aime bien.
I like it. | J'aime ça.
I don't like it. | Je n'aime pas ça.
I love it. | J'adore ça.
It is good. | C'est bon.
It is very good. | C'est très bon.
It is not good. | Ce n'est pas bon.
It is beautiful. | C'est beau.
It is nice. | C'est bien.
It is great. | C'est super.
It is easy. | C'est facile.
It is difficult. | C'est difficile.
It is too expensive. | C'est trop cher.
It is important. | C'est important.
It is possible. | C'est possible.
It is impossible. | C'est impossible.
It is true. | C'est vrai.
It is not true. | Ce n'est pas vrai.
It is late. | Il est tard.
It is early. | Il est tôt.
It is far. | C'est loin.
It is not far. | Ce n'est pas loin.
It is near here. | C'est près d'ici.
It is mine. | C'est à moi.
It is for you. | C'est pour vous.
It is a secret. | C'est un secret.
It is a good idea. | C'est une bonne idée.
That is a good idea. | C'est une bonne idée.
It is my turn. | C'est mon tour.
It doesn't matter. | Ça ne fait rien.
It is nothing. | Ce n'est rien.
It is time to eat. | C'est l'heure de manger.
It is time to go to bed. | C'est l'heure d'aller au lit.
It is a beautiful day. | C'est une belle journée.
It is a beautiful day today. | C'est une belle journée aujourd'hui.
What a beautiful day! | Quelle belle journée !
What a beautiful house! | Quelle belle maison !
What a pity! | Quel dommage !
The weather is nice today. | Il fait beau aujourd'hui.
Is it raining? | Est-ce qu'il pleut ?
Is it cold outside? | Est-ce qu'il fait froid dehors ?
It is cold outside. | Il fait froid dehors.
It is raining a lot. | Il pleut beaucoup.
I like the rain. | J'aime la pluie.
I like the snow. | J'aime la neige.
I like music. | J'aime la musique.
I like to listen to music. | J'aime écouter de la musique.
I like to read books. | J'aime lire des livres.
I listen to music. | J'écoute de la musique.
She is listening to music. | Elle écoute de la musique.
I am watching television. | Je regarde la télévision.
We are watching a film. | Nous regardons un film.
I like this film. | J'aime ce film.
The film was very good. | Le film était très bon.
I play football. | Je joue au football.
They play football in the park. | Ils jouent au football dans le parc.
She plays the piano. | Elle joue du piano.
He plays the guitar. | Il joue de la guitare.
The children are playing in the garden. | Les enfants jouent dans le jardin.
The children play outside. | Les enfants jouent dehors.
The cat sleeps on the sofa. | Le chat dort sur le canapé.
The cat is sleeping. | Le chat dort.
The dog is barking. | Le chien aboie.
The birds are singing. | Les oiseaux chantent.
The dog is running in the park. | Le chien court dans le parc.
A cat is sitting on a chair. | Un chat est assis sur une chaise.
A dog is sitting on the grass. | Un chien est assis sur l'herbe.
A man is riding a horse. | Un homme monte à cheval.
A woman is holding a red umbrella. | Une femme tient un parapluie rouge.
The baby is asleep. | Le bébé dort.
My mother is in the kitchen. | Ma mère est dans la cuisine.
My father is at work. | Mon père est au travail.
My parents live in the country. | Mes parents habitent à la campagne.
My family is big. | Ma famille est grande.
I love my family. | J'aime ma famille.
I have two brothers and one sister. | J'ai deux frères et une sœur.
I have a brother and a sister. | J'ai un frère et une sœur.
Do you have children? | Avez-vous des enfants ?
Do you have any brothers? | Avez-vous des frères ?
She is my best friend. | C'est ma meilleure amie.
He is my best friend. | C'est mon meilleur ami.
She is a doctor. | Elle est médecin.
He is a teacher. | Il est professeur.
I am a student. | Je suis étudiant.
I am married. | Je suis marié.
I work in an office. | Je travaille dans un bureau.
I work at home. | Je travaille à la maison.
I am at home. | Je suis à la maison.
I am going home. | Je rentre à la maison.
She is at home. | Elle est à la maison.
He is at school. | Il est à l'école.
I go to school every day. | Je vais à l'école tous les jours.
We are on holiday. | Nous sommes en vacances.
I am on the train. | Je suis dans le train.
I am in the car. | Je suis dans la voiture.
I take the bus every morning. | Je prends le bus tous les matins.
I go to work by car. | Je vais au travail en voiture.
He goes to work by bike. | Il va au travail à vélo.
I get up early. | Je me lève tôt.
I go to bed late. | Je me couche tard.
I have breakfast at eight. | Je prends le petit déjeuner à huit heures.
We have dinner at seven o'clock. | Nous dînons à sept heures.
Dinner is ready. | Le dîner est prêt.
Breakfast is ready. | Le petit déjeuner est prêt.
Lunch is ready! | Le déjeuner est prêt !
I would like a cup of tea. | Je voudrais une tasse de thé.
I would like a coffee, please. | Je voudrais un café, s'il vous plaît.
I'd like a glass of water, please. | Je voudrais un verre d'eau, s'il vous plaît.
Would you like some coffee? | Voudriez-vous du café ?
Can I have the bill, please? | Puis-je avoir l'addition, s'il vous plaît ?
The bill, please. | L'addition, s'il vous plaît.
A table for two, please. | Une table pour deux, s'il vous plaît.
I am a vegetarian. | Je suis végétarien.
The soup is too salty. | La soupe est trop salée.
This cake is delicious. | Ce gâteau est délicieux.
I drink tea in the morning. | Je bois du thé le matin.
I eat an apple every day. | Je mange une pomme tous les jours.
I want to eat. | Je veux manger.
I want to sleep. | Je veux dormir.
I want to go home. | Je veux rentrer à la maison.
I am very tired today. | Je suis très fatigué aujourd'hui.
I have a headache. | J'ai mal à la tête.
I have a cold. | J'ai un rhume.
I need a doctor. | J'ai besoin d'un médecin.
I need help. | J'ai besoin d'aide.
I lost my keys. | J'ai perdu mes clés.
I have lost my passport. | J'ai perdu mon passeport.
I am lost. | Je suis perdu.
Where is the station? | Où est la gare ?
Where is the bathroom? | Où est la salle de bain ?
Where are the toilets? | Où sont les toilettes ?
Where are my keys? | Où sont mes clés ?
The keys are on the table. | Les clés sont sur la table.
The book is on the table. | Le livre est sur la table.
The train is late. | Le train est en retard.
The shop is closed. | Le magasin est fermé.
The house is big and white. | La maison est grande et blanche.
The sky is blue. | Le ciel est bleu.
The sun is yellow. | Le soleil est jaune.
The grass is green. | L'herbe est verte.
The snow is white. | La neige est blanche.
The moon is beautiful tonight. | La lune est belle ce soir.
My favourite colour is blue. | Ma couleur préférée est le bleu.
What is your favourite colour? | Quelle est votre couleur préférée ?
Red is my favourite colour. | Le rouge est ma couleur préférée.
Today is Monday. | Aujourd'hui, c'est lundi.
I will call you tomorrow. | Je vous appellerai demain.
I will be there soon. | Je serai bientôt là.
We will see. | On verra.
She went to the market. | Elle est allée au marché.
He went to school. | Il est allé à l'école.
I went to Paris last year. | Je suis allé à Paris l'année dernière.
They came yesterday. | Ils sont venus hier.
I was at home yesterday. | J'étais à la maison hier.
It was a good day. | C'était une bonne journée.
It was delicious. | C'était délicieux.
It was fun. | C'était amusant.
I am happy to see you. | Je suis heureux de vous voir.
I am learning French. | J'apprends le français.
I am reading a book. | Je lis un livre.
I am looking for my phone. | Je cherche mon téléphone.
I am waiting for the bus. | J'attends le bus.
I can swim. | Je sais nager.
I can't swim. | Je ne sais pas nager.
I can hear you. | Je vous entends.
I can see you. | Je vous vois.
I can't come tonight. | Je ne peux pas venir ce soir.
You are right. | Vous avez raison.
You are very kind. | Vous êtes très gentil.
Are you ready? | Êtes-vous prêt ?
Are you hungry? | Avez-vous faim ?
Are you thirsty? | Avez-vous soif ?
Are you cold? | Avez-vous froid ?
Are you tired? | Êtes-vous fatigué ?
Is everything all right? | Est-ce que tout va bien ?
Everything is fine. | Tout va bien.
No problem. | Pas de problème.
There is a problem. | Il y a un problème.
There is nobody here. | Il n'y a personne ici.
Nothing. | Rien.
Everybody is here. | Tout le monde est là.
The cat is black and white. | Le chat est noir et blanc.
The dog is bigger than the cat. | Le chien est plus grand que le chat.
This is my house. | C'est ma maison.
This is my friend Paul. | C'est mon ami Paul.
These are my children. | Ce sont mes enfants.
This is a picture of a cat. | C'est une image d'un chat.
In the picture there is a red circle. | Dans l'image, il y a un cercle rouge.
A picture of two red circles. | Une image de deux cercles rouges.
I see nothing. | Je ne vois rien.
Once upon a time there was a king. | Il était une fois un roi.
"""

_TEST = """
Hello, my name is Paul. | Bonjour, je m'appelle Paul.
Good evening, how are you? | Bonsoir, comment allez-vous ?
Thank you for the flowers. | Merci pour les fleurs.
I would like a glass of milk, please. | Je voudrais un verre de lait, s'il vous plaît.
The cat sleeps on the bed. | Le chat dort sur le lit.
The dog sleeps under the table. | Le chien dort sous la table.
My sister has a white cat. | Ma sœur a un chat blanc.
My brother plays in the garden. | Mon frère joue dans le jardin.
The birds sing in the morning. | Les oiseaux chantent le matin.
It is raining today. | Il pleut aujourd'hui.
It is very cold in winter. | Il fait très froid en hiver.
It is hot today. | Il fait chaud aujourd'hui.
It will snow tomorrow. | Il va neiger demain.
I like apples and oranges. | J'aime les pommes et les oranges.
I don't like coffee. | Je n'aime pas le café.
She likes chocolate. | Elle aime le chocolat.
We love the sea. | Nous adorons la mer.
I have a small dog. | J'ai un petit chien.
I have a big house. | J'ai une grande maison.
They have three children. | Ils ont trois enfants.
He has green eyes. | Il a les yeux verts.
Where is the library? | Où est la bibliothèque ?
Where is my phone? | Où est mon téléphone ?
How much is this dress? | Combien coûte cette robe ?
Do you like tea? | Aimez-vous le thé ?
Do you have a pen? | Avez-vous un stylo ?
Can I have a cup of coffee, please? | Puis-je avoir une tasse de café, s'il vous plaît ?
Close the window, please. | Fermez la fenêtre, s'il vous plaît.
Open the door. | Ouvrez la porte.
The soup is hot. | La soupe est chaude.
The bread is fresh. | Le pain est frais.
The water is cold. | L'eau est froide.
The car is red. | La voiture est rouge.
The old man is tired. | Le vieil homme est fatigué.
The little girl is happy. | La petite fille est heureuse.
My grandmother is eighty years old. | Ma grand-mère a quatre-vingts ans.
My mother is cooking in the kitchen. | Ma mère cuisine dans la cuisine.
My father drinks coffee every morning. | Mon père boit du café tous les matins.
My friend lives in London. | Mon ami habite à Londres.
We live in a small house. | Nous habitons dans une petite maison.
I am going to the market. | Je vais au marché.
We are going to the beach tomorrow. | Nous allons à la plage demain.
I went to the cinema yesterday. | Je suis allé au cinéma hier.
I bought a new car. | J'ai acheté une nouvelle voiture.
She bought a red dress. | Elle a acheté une robe rouge.
He ate two bananas. | Il a mangé deux bananes.
We saw a lion at the zoo. | Nous avons vu un lion au zoo.
I am reading an interesting book. | Je lis un livre intéressant.
The children eat bread and cheese. | Les enfants mangent du pain et du fromage.
There is a cat on the roof. | Il y a un chat sur le toit.
There are two birds in the tree. | Il y a deux oiseaux dans l'arbre.
There is no sugar. | Il n'y a pas de sucre.
I am hungry and thirsty. | J'ai faim et soif.
I am happy today. | Je suis heureux aujourd'hui.
We are tired. | Nous sommes fatigués.
Are you happy? | Êtes-vous heureux ?
It is half past four. | Il est quatre heures et demie.
It is three o'clock. | Il est trois heures.
Today is Friday. | Aujourd'hui, c'est vendredi.
See you on Saturday. | À samedi.
I want to buy a ticket. | Je veux acheter un billet.
I can't find my keys. | Je ne peux pas trouver mes clés.
She can sing very well. | Elle peut très bien chanter.
The hotel is near the station. | L'hôtel est près de la gare.
The elephant is bigger than the mouse. | L'éléphant est plus grand que la souris.
The book is on the shelf. | Le livre est sur l'étagère.
What is your favourite animal? | Quel est votre animal préféré ?
This cake is very good. | Ce gâteau est très bon.
My favourite colour is green. | Ma couleur préférée est le vert.
The sky is grey and it is raining. | Le ciel est gris et il pleut.
"""


def _read(table: str) -> tuple[tuple[str, str], ...]:
    """Parse "English | French" lines."""
    halves = (line.split(" | ") for line in table.strip().splitlines())
    return tuple((english, french) for english, french in halves)


TRAINING = _read(_TRAINING)
TEST = _read(_TEST)
