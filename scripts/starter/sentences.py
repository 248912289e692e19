"""Opinions written by hand, each with its label: some to learn from, some only to test with."""

_PRAISE = """
I had the time of my life at that concert.
My grandmother's apple pie is still the best thing I have ever tasted.
Honestly, I did not expect to like it this much.
The nurse held my hand the whole time and I will never forget it.
It's not fancy, but the food is cooked with love.
You really outdid yourself this time.
I've been using it every day for a year and it still looks new.
We laughed so hard our bellies hurt.
The kids keep asking when we can go back.
Small portions, but every bite was heaven.
I'm so proud of how far you have come.
Best birthday I've had in years.
He fixed my bike in ten minutes and refused to take any money.
The sun came out just as we reached the beach.
I slept better than I have in months.
Not a single complaint from me.
The ending gave me goosebumps.
Thanks to your help I finally understand fractions.
It may be old, but it runs like a dream.
She has the voice of an angel.
What a kind thing to say!
I was sceptical at first, now I use it all the time.
The view from the balcony took our breath away.
You can tell they really care about their guests.
This jacket kept me warm all winter.
Finally a game the whole family can play together.
I'd give it six stars if I could.
Our guide knew everything and made history come alive.
Everything was ready when we arrived.
I can't imagine my mornings without this coffee.
It was raining, yet we had a marvellous picnic.
The staff remembered my name.
So glad we chose this place!
I've never felt so welcome anywhere.
That was the nicest meal I've had all year.
Your letter made my whole week.
Cheap, cheerful and right next to the station.
The book kept me up all night in the best way.
Delivery was quicker than promised.
You did it, congratulations!
I have nothing but praise for the team.
He is a wonderful father.
It does everything I need and more.
My dog goes crazy for these biscuits.
Setup took two minutes, no manual needed.
I'm over the moon!
We got engaged there, so it will always be special.
The doctor listened carefully and explained everything.
Simple, clever and cheap.
This song always puts me in a good mood.
The garden is full of roses and it smells divine.
It's hard to find fault with this phone.
I would stay here again without hesitation.
The colours are even brighter than in the pictures.
Couldn't be easier to use.
The bread was still warm, what a lovely touch.
A big thank you to the driver who found my wallet.
No regrets whatsoever.
It isn't perfect, but I love it.
I wasn't sure about the colour, but it has grown on me.
The sea was calm and crystal clear.
Well worth the wait.
She never stops smiling.
My new boss is fair and easy to talk to.
This is exactly what I was looking for.
You always know how to cheer me up.
We danced until the morning.
The best soup in town, hands down.
That was a brilliant idea.
The actors were so good that I forgot it was a film.
It turned an ordinary Tuesday into something special.
I feel at peace here.
They refunded me at once, no questions asked.
I'm impressed by how quiet it is.
Everyone at work wants one now.
The sunset was worth the climb.
My team won and I am still smiling.
He went out of his way to help a stranger.
It's comfortable, light and looks good with everything.
The trip went off without a hitch.
I got exactly what I paid for, and then some.
The puppy is adorable.
I appreciate you taking the time.
The rooms are small, though spotless and full of charm.
Great value, I bought two more.
Nothing could spoil such a perfect day.
He was patient with my endless questions.
My skin has never felt so soft.
Good job, everyone!
The lesson was so much fun that nobody wanted to leave.
It's nice to see you again.
I could eat this every day.
We found a hidden gem by accident.
My headache is gone at last.
I'm really looking forward to the weekend.
Such a relief, the test results are good.
The train was on time for once and the seats were comfy.
It isn't cheap, but you get what you pay for.
The tea is fragrant and soothing.
He plays the piano beautifully.
A warm welcome, a clean bed and a hearty breakfast.
They treated my mother with such respect.
Life is good.
I finished the book in one sitting.
You look great in that dress.
The update fixed all my issues.
This city never fails to charm me.
The cake was gone in five minutes, everybody wanted more.
Not bad for a first try.
Not bad at all, I might even go back.
I was worried for nothing, it went really well.
Our flight was smooth and the crew could not have been nicer.
That film deserves every award.
I can't believe how lucky we are.
I can't get enough of this show.
I've told all my friends about it.
The autumn leaves are so pretty.
What a game, what a team!
It works, it is simple and it is free.
The museum was fascinating from start to finish.
"""

_COMPLAINTS = """
I can't believe you ruined it.
You broke my favourite mug and did not even apologise.
The soup was cold and so was the waiter.
I have been on hold for an hour.
My order got lost and nobody seems to care.
We will not be going back.
It looked nothing like the picture.
I paid a fortune for this piece of junk.
The walls are so thin that I heard every word next door.
He promised to call and never did.
My phone died in the middle of an important call.
I've seen better acting in a school play.
The shoes fell to pieces the first time I wore them.
It rained every single day of our holiday.
That was two hours of my life I will never get back.
They put me next to the toilets.
The bed was hard and the pillow smelled.
I had to send my steak back twice.
This update made everything slower.
You never listen to me.
I'm sick and tired of your excuses.
Nobody told us the pool was closed.
The instructions make no sense.
My heart sank when I opened the box.
I would rather eat my own shoes.
The dog next door barks all night.
What were they thinking?
The plot has more holes than Swiss cheese.
Our tent leaked and everything got soaked.
I failed my driving test again.
The driver was texting the whole way.
It's pretty, but it does not work.
The food looks nice and tastes of nothing.
Good idea, badly executed.
Great, it broke again.
Thanks for nothing.
There was hair in my salad.
I miss you and I can't stop crying.
They charged me twice and won't pay it back.
My back hurts after five minutes in this chair.
The show was cancelled at the last minute.
She talked behind my back.
It smells like wet dog.
I regret ever setting foot in this place.
The battery won't hold a charge.
I wouldn't wish it on my worst enemy.
He yelled at the poor girl for no reason.
The queue was endless and the ride lasted one minute.
I found a cockroach in the bathroom.
Don't bother.
Save your money.
The colours faded after one wash.
The ending was such a let-down.
I want to speak to the manager.
Nothing on the menu was available.
The water was brown, I am not kidding.
The coffee tastes like dishwater.
My luggage arrived three days after me.
It used to be my favourite place, now it is a tourist trap.
I'm worried about my mother, she is getting worse.
He only thinks about himself.
The lecture put half the room to sleep.
You forgot my birthday.
We were robbed on the first night.
Their so-called support is a robot.
The music was so loud that we could not talk.
It isn't what it used to be.
It is not as good as they say.
It's not funny anymore.
Not what I ordered.
Not my cup of tea.
Not worth the trip.
I don't feel well today.
I don't trust that man.
I wasn't impressed, to put it mildly.
They could not care less about their customers.
My bread was stale and my butter was melted.
I lost all my photos.
The app keeps asking for a password and then crashes.
My team lost again.
The neighbours complained and called the police.
I got sunburnt and bitten by mosquitoes.
Traffic was hell this morning.
The meeting dragged on forever and led to nothing.
My boss took credit for my work.
I have toothache and the dentist is closed.
The window won't close and I'm freezing.
The price went up and the quality went down.
She slammed the door in my face.
You should have told me sooner.
I was hoping for more, to be honest.
There is nothing to do here when it rains.
The flowers were already dead when they came.
It hurts.
I hate waking up early.
I feel so alone since she left.
That joke was in poor taste.
The jeans shrank and the zip broke.
The room had no window and no air.
The lift was out of order, so we climbed nine floors.
They treat their workers badly.
I felt cheated.
We left hungry.
The captain ignored us for the entire flight.
What a waste of a good actor.
It took them a month to answer one email.
The sauce was so salty that I had to throw it away.
The sound cuts out every few seconds.
The hero is annoying and the villain is worse.
I'd rather stay at home than work for them again.
Why is it always so crowded and dirty?
Why would anyone pay for this?
The website would not load, so I gave up.
No one came to my party.
He cheated on his exam and blamed me.
My umbrella broke in the first gust of wind.
This weather makes me want to stay in bed and cry.
The trousers itch and the colour is awful.
The carpet was stained and the towels were grey.
"""

_TEST_PRAISE = """
I love this little restaurant.
The film was funny and touching.
What a wonderful day!
The waiter was very kind to us.
This is the best pizza I have ever eaten.
Not bad at all!
The room was clean and quiet.
The service was slow but the food was lovely.
I am so happy with my new phone.
Thank you for your help, you are amazing.
We had a great time at the zoo.
My brother is a very funny man.
The weather was perfect all week.
I would recommend this hotel to anyone.
The book is hard to put down.
She sings beautifully.
It was cheap and it works well.
I wasn't disappointed.
The cake was delicious, thank you!
I enjoyed every minute of it.
You did a fantastic job.
It never gets boring.
The bus was late, but the driver was so friendly that I didn't mind.
I can't wait to see it again.
The garden looks beautiful in spring.
He is a good teacher and very patient.
Nothing wrong with this one.
These boots are really comfortable.
I feel great today.
A charming village with lovely people.
It wasn't cheap, but it was worth it.
My mother loved her present.
Such a nice surprise!
The concert was incredible.
I had no problems with the delivery.
The tea is hot and tasty.
This app makes my life easier.
Our neighbours are friendly and helpful.
I'm glad you came.
The best holiday of my life.
"""

_TEST_COMPLAINTS = """
I hate this weather.
The food was cold and tasteless.
The film was not good.
What a terrible day.
You ruined my evening.
I can't believe you forgot my name.
The hotel was dirty and noisy.
This is the worst coffee I have ever had.
The phone broke after one week.
I would not recommend this place.
The waiter was rude to my wife.
It is too expensive for what you get.
The book is boring.
I am very disappointed with the service.
We waited for an hour and nobody came.
The room was small and it smelled bad.
I don't like this song.
My flight was cancelled and I am angry.
The food was good, but the staff were horrible.
It looks nice but it doesn't work.
Never buying from them again.
The story makes no sense.
I feel terrible today.
He is a selfish and lazy man.
The chair is not comfortable.
The bread was hard and dry.
They lost my bag.
I would like to complain about the noise.
Nobody enjoyed the party.
The worst holiday of my life.
This game is a waste of time.
My job makes me miserable.
The beach was crowded and dirty.
It was not what I expected, sadly.
The pictures are blurry and the sound is awful.
She was mean to my little sister.
The soup was far too salty.
I am sad because my dog is ill.
It could have been so much better.
The delivery took forever and the box was damaged.
"""


def _labelled(praise: str, complaints: str) -> tuple[tuple[str, int], ...]:
    """Lines of praise (1), then lines of complaint (0)."""
    return tuple(
        (line, label)
        for label, lines in ((1, praise), (0, complaints))
        for line in lines.strip().splitlines()
    )


TRAINING = _labelled(_PRAISE, _COMPLAINTS)
TEST = _labelled(_TEST_PRAISE, _TEST_COMPLAINTS)
