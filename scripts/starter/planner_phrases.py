"""How people ask for each task: the phrase banks of the starter planner's training data.

`(a|b|)` picks one alternative. Slots: a port's name takes a thing ("the caption", "photo.jpg", a
quoted text); `{desc}`, `{edit}`, `{prompt}`, `{labels}` and `{qi}` take bare words of the request,
`{q}` a quoted question, `{lang}` a language. Imperatives begin with their verb.
"""

# A phrase reads best on one line.
# ruff: noqa: E501

IMPERATIVE: dict[str, tuple[str, ...]] = {
    "token-classification": (
        "(find|extract|list|pick out|identify) (the|all the|) (named entities|entities|names and places) in {text}",
        "(tag|label|mark) (the|all|each of the) (tokens|words|entities) (in|of) {text}",
        "(tell me|show me|find out) which (people, places and dates|names|people and places) (appear|are mentioned) in {text}",
        "(identify|extract|find|recognize) (specific|important|the key|) (entities|names|details) (in|from) {text}",
        "classify the (tokens|words) (in|of) {text}",
        "(do|run) (NER|named entity recognition|entity extraction) on {text}",
        "pull out (the|every) (name|person|place|organisation|proper name)s (from|in) {text}",
        "(get|find) the (part of speech|entity) tags (for|of) {text}",
    ),
    "text-classification": (
        "(tell me|decide|say|check|find out) (if|whether) {text} is (positive or negative|happy or sad|good or bad|positive)",
        "(find|get|determine|detect|work out) the (sentiment|mood|tone|feeling) of {text}",
        "(do|run) (a sentiment analysis|sentiment analysis|a mood check) (on|of|for) {text}",
        "(analyse|analyze|judge|rate|check|classify) the (sentiment|tone|mood|emotion) (of|in) {text}",
        "tell me (how|what mood|what feeling) {text} (sounds|conveys|expresses)",
        "(give|tell) me the sentiment of {text}",
        "say what the writer of {text} feels",
        "(see|judge) how (positive|negative|cheerful|angry) {text} is",
        "(tell me|say|check) (if|whether) {text} is a (happy|positive|nice|friendly|sad|negative|good|bad) (sentence|message|review|text|comment)",
        "(tell me|check) (if|whether) {text} sounds (happy|positive|angry|sad|negative|friendly)",
    ),
    "zero-shot-classification": (
        "(sort|classify|file|put) {text} (under|into|as) {labels}",
        "(decide|tell me|say) (whether|if) {text} is about {labels}",
        "(pick|choose) (the right|a|the best) (label|category|tag) for {text} (from|out of|among) {labels}",
        "(categorise|categorize|label|tag) {text} as {labels}",
        "(check|work out) which of {labels} (fits|suits|describes) {text} (best|)",
        "classify {text} with the labels {labels}",
    ),
    "text2text-generation": (
        "(paraphrase|rephrase|reword|rewrite) {text}",
        "(correct|fix) (the grammar|the spelling|the mistakes|the errors) (in|of) {text}",
        "(say|put|write) {text} (in other words|differently|more politely|more simply)",
        "(rewrite|rephrase) {text} (in a formal style|to sound nicer|so it is clearer|more formally)",
        "(simplify|polish|improve the wording of|clean up the wording of) {text}",
        "(make|produce|give me|create) a (paraphrase|paraphrased version|reworded version) of {text}",
        "turn {text} into (plain|simple|better|proper) english",
    ),
    "summarization": (
        "(summarize|summarise|sum up|condense|shorten) {text}",
        "(give|write|get) me (a|the) (short|brief|quick|) (summary|gist|digest) of {text}",
        "(boil|cut) {text} down to (the main points|the essentials|a few words|its key points)",
        "(tell me|pick out) the (main|key|most important) (points|ideas) (of|in|from) {text}",
        "(make|create|produce|prepare|generate) a (concise|short|) (summary|abstract|tl;dr) (of|for|from) {text}",
        "shrink {text} to (one line|a sentence|something short)",
        "(provide|write) a summary for {text}",
    ),
    "translation": (
        "translate {text} (into|to|in) {lang}",
        "(turn|convert|put) {text} into {lang}",
        "translate {text}",
        "(say|write) {text} in {lang}",
        "(give|get|show) me {text} in {lang}",
        "(make|produce|provide|write) a {lang} (version|translation) of {text}",
        "(tell me|find out) what {text} (is|means) in {lang}",
        "render {text} in {lang}",
        "(do|make) a translation of {text} (to {lang}|into {lang}|)",
        "translate (to|into) {lang}: {text}",
        "{lang}: {text}",
    ),
    "question-answering": (
        "answer {text} (using|from|based on|with) {context}",
        "(find|give me|provide|get) the answer to {text} (from|in) {context}",
        "answer {q} (from|using|based on|with) {context}",
        "(tell me|find out) {qi} (according to|based on|from) {context}",
        "(use|read|look at|search) {context} (to|and) answer {q}",
        "(find|get|give me) the answer to {q} (in|from) {context}",
        "(answer|solve) (the question|my question|this question) {q} (using|from|with the help of) {context}",
        "(read|check|go through) {context} and tell me {qi}",
        "(look up|find) {q} in {context}",
    ),
    "table-question-answering": (
        "answer {text} (using|from|based on|with) the table {table}",
        "(find|give me|provide|get) the answer to {text} (from|in) the table {table}",
        "answer {q} (from|using|with) (the table|the spreadsheet|the rows|the data) in {table}",
        "(look at|use|check|read) the (table|spreadsheet|csv) {table} (and|to) answer {q}",
        "(tell me|find out) {qi} (according to|from|based on) the (table|spreadsheet|csv|rows) {table}",
        "(query|search|ask) the (table|spreadsheet|data) {table}: {q}",
        "find the answer to {q} in the (table|spreadsheet) {table}",
    ),
    "conversational": (
        "(reply|respond|answer) to {text}",
        "(give|write|create|generate) (me|) a (conversational|friendly|chatty|relevant) (reply|response|answer) to {text}",
        "(have|start|hold) a (chat|conversation|dialogue) (about|with|from) {text}",
        "(produce|create|generate) a (conversational response|conversation|dialogue) (for|based on|from) {text}",
        "(chat|talk) with me about {text}",
        "continue the (conversation|dialogue|chat) from {text}",
        "(tell me|say) what you would (reply|answer|say) to {text}",
    ),
    "text-generation": (
        "{prompt}",
        "(continue|carry on|go on with|extend|complete) {text}",
        "(write|generate|create|make up) (a|some|a new|a longer) (text|story|poem|paragraph|article|description|post) (from|based on|about|using|with|out of) {text}",
        "(generate|produce|write) (more|new|a new|additional|some) (text|content|sentences) (from|based on|with|using|for) {text}",
        "use {text} (as a prompt for|to write|to generate) (a text|a story|text|a paragraph)",
        "expand {text} into (a story|a full text|an article|a poem)",
        "write (something|a few lines|a tale|a blog post) (inspired by|based on|around) {text}",
    ),
    "sentence-similarity": (
        "compare {text1} (with|to|and) {text2}",
        "(tell me|check|measure|find out|see) how (similar|alike|close) {text1} and {text2} are",
        "(measure|compute|calculate|find|determine) the similarity (between|of) {text1} and {text2}",
        "(check|see|tell me) (whether|if) {text1} (says the same as|means the same as|matches|is similar to) {text2}",
        "(compare|score|rate) the (similarity|closeness|likeness) (of|between) {text1} and {text2}",
        "(find|tell me) how (similar|close) {text1} is to {text2}",
    ),
    "feature-extraction": (
        "(embed|vectorise|vectorize) {text}",
        "(turn|convert|transform) {text} into (a vector|an embedding|numbers|features)",
        "(compute|get|give me|make|extract) (the|an) (embedding|embeddings|feature vector|vector|features) (of|for|from) {text}",
        "(encode|represent) {text} as (a vector|an embedding)",
        "run an embedding model on {text}",
    ),
    "fill-mask": (
        "(fill in|fill|complete|guess) the (blank|mask|gap|missing word) in {text}",
        "(tell me|guess|predict|find) (what|which word) (goes|fits|belongs) in the (blank|gap|mask) of {text}",
        "(guess|predict|supply) the (missing|masked|hidden) word (in|of) {text}",
        "replace the mask in {text}",
        "complete {text} with the (missing|right) word",
    ),
    "tabular-classification": (
        "classify the (rows|entries|records|lines) (of|in) {table}",
        "(classify|categorise|categorize) the (table|tabular data|spreadsheet|data) (in|from|of) {table}",
        "(predict|work out|tell me) (the class|the category) of (each row|every row|the rows) (in|of) {table}",
        "(sort|label) (each|every) (row|entry|record) (of|in) {table}",
        "classify the table (found in|present in|shown in|) {table}",
    ),
    "object-detection": (
        "(detect|find|locate|spot) (the|all|all the|any|) (objects|things|items|shapes) in {image}",
        "(detect|identify|recognize|find) (the|all|) (objects|items|things|elements) (present|visible|shown|) in {image}",
        "(put|draw) (boxes|bounding boxes|rectangles) around (the|all|the different) (objects|things|shapes|stuff) in {image}",
        "(tell me|show me|list) (which|what) (objects|things|shapes|items) are in {image}",
        "(show|tell) me where (everything|the objects|the things|each shape) (is|are) in {image}",
        "detect {image}",
        "(count|box|mark) (the|all the|every one of the) (objects|shapes|things) in {image}",
        "(run|use) (a detector|a detection model|an object detector) on {image}",
        "(identify|find|locate) and (label|name|mark) (the|all) (objects|items|shapes) in {image}",
        "detect (what is|everything) in {image}",
        "find (everything|all you can see) in {image}",
    ),
    "zero-shot-object-detection": (
        "(find|locate|detect|spot|look for) {labels} in {image}",
        "(show me|tell me) where {labels} (is|are|can be found) in {image}",
        "(check|search|scan) {image} for {labels}",
        "(put|draw) (boxes|a box) around {labels} in {image}",
        "point out {labels} in {image}",
    ),
    "image-classification": (
        "classify {image}",
        "(tell me|say|decide|find out) what (class|kind of thing|category) {image} (is|belongs to|shows)",
        "(sort|put) {image} into (a|the right) (class|category)",
        "(identify|determine|predict|find|get) the (class|category|label|class label) (of|for) {image}",
        "(give|assign) {image} a (label|class|category)",
        "(categorise|categorize|label) {image}",
        "(recognise|recognize|identify) what {image} is (a picture of|)",
        "find out (the class|which class|which category) {image} (belongs to|falls into)",
        "classify the (main object|content|contents|scene) (of|in) {image}",
        "(classify|name|identify) the (shape|main shape) in {image}",
        "tell me (what|which) shape is in {image}",
    ),
    "zero-shot-image-classification": (
        "(classify|sort|label) {image} as {labels}",
        "(decide|tell me|say) (whether|if) {image} (shows|is) {labels}",
        "(choose|pick) (between|from|among) {labels} for {image}",
        "(tell me|check) which of {labels} (fits|describes|matches) {image} (best|)",
        "classify {image} with the labels {labels}",
    ),
    "image-to-image": (
        "(enhance|improve|upscale|sharpen|clean up|restore|retouch|denoise) {image}",
        "(make|get) {image} (look better|look nicer|sharper|bigger|clearer|crisper)",
        "(increase|raise|improve|boost) the (resolution|quality|sharpness|contrast) of {image}",
        "(transform|restyle|convert) {image} (to match|to fit|into) (a target domain|a different style|another style|the target style|a specific style|a new style)",
        "(give me|make|create|produce) (an enhanced|a better|an improved|a sharper|a transformed|an upscaled) version of {image}",
        "(transform|modify) {image}",
        "remove the (noise|blur|grain) from {image}",
        "{edit} in {image}",
        "(edit|change|modify|alter) {image}: {edit}",
        "(edit|change|modify) {image} (to|and|so as to) {edit}",
        "(edit|modify|change) {image} (according to|based on|following|using) (the description|the instruction|this text|the text|my description|) {qe}",
        "(change|adapt|rework) {image} as follows: {qe}",
        "take {image} and {edit}",
        "(edit|change|modify|alter) {image} (according to|based on|following|as said in|using) {text}",
        "apply {text} to {image}",
        "{edit} (for|on) {image}",
    ),
    "image-to-text": (
        "(describe|caption) {image}",
        "(tell me|say|explain) what (is|you see|is shown|can be seen) in {image}",
        "(write|give me|make|generate|create|provide) (a|the|a short|a nice) (caption|description|text description) (for|of) {image}",
        "(read|extract|get|copy out) the (text|words|writing|letters) (in|on|from) {image}",
        "(do|run) (OCR|text recognition|captioning) on {image}",
        "(generate|create|obtain|get) (a textual description|a description|text|a caption) (from|of|for) {image}",
        "put {image} into words",
        "(turn|convert) {image} into text",
        "tell me (about|what is happening in|what is going on in) {image}",
        "(say|write down) what {image} (shows|depicts|is about)",
        "(caption|describe) {image} (briefly|in one sentence|in detail|in words|to me|in a few words)",
        "(tell|show) me what {image} (shows|is about|looks like)",
        "tell me what (is|'s) (in|on) {image}",
    ),
    "text-to-image": (
        "(draw|paint|sketch|illustrate) {desc}",
        "(draw|paint|make|create|generate) (me|) (a picture|an image|a drawing|a painting|an illustration) of {desc}",
        "(generate|create|make|produce|render) an image (of|showing|with|that shows) {desc}",
        "(draw|paint) me {desc}",
        "(give|show) me (a picture|an image|a drawing) of {desc}",
        "(make|do) (a pic|a quick sketch|a nice picture) of {desc}",
        "(generate|create|make|draw|produce) (an image|a picture|a new image|an image representation) (from|based on|using|out of|according to|for) {text}",
        "(turn|convert) {text} into (a picture|an image|a drawing)",
        "(illustrate|visualise|visualize|draw|paint) {text}",
        "use {text} to (make|draw|generate) (a picture|an image)",
        "picture {desc}",
    ),
    "text-to-video": (
        "(make|create|generate|render|shoot) (me|) a (video|clip|short film|movie|short video) of {desc}",
        "(generate|create|make|produce) a (video|clip) (showing|of|where you see) {desc}",
        "(animate|film) {desc}",
        "(generate|create|make|produce) (a video|a clip|a short video|a movie) (from|based on|using|out of|about|for) {text}",
        "(turn|convert) {text} into a (video|clip|movie)",
        "use {text} to (make|generate|create) a (video|film)",
        "show me a (video|clip) of {desc}",
    ),
    "image-to-video": (
        "(animate|bring to life) {image}",
        "(turn|make|convert) {image} into a (video|clip|moving picture|short animation)",
        "(make|create|generate) a (video|clip|short film) (from|out of|based on) {image}",
        "(bring|set) {image} (to life|in motion|to motion)",
        "make {image} move",
    ),
    "visual-question-answering": (
        "answer {text} (about|using|from|based on|by looking at) {image}",
        "(find|give me|provide|get) the answer to {text} (from|in|about) {image}",
        "(use|look at|take) {image} to answer {text}",
        "answer {q} (about|on|for|based on|using) {image}",
        "(tell me|find out|say|check) {qi} in {image}",
        "(look at|take|see|check) {image} and (tell me|say) {qi}",
        "(answer|respond to) (the|my|this) (question|visual question) {q} (about|related to|regarding|on) {image}",
        "(use|look at) {image} to answer {q}",
        "(answer|find the answer to) {q} (from|by looking at) {image}",
        "(do|run) (visual question answering|VQA) on {image} with {q}",
        "ask {image} {q}",
    ),
    "document-question-answering": (
        "answer {text} (about|using|from|based on|by looking at) {image}",
        "(find|give me|provide|get) the answer to {text} (from|in|about) the document {image}",
        "(use|look at|take) the document {image} to answer {text}",
        "(answer|find the answer to) {q} (from|using|in) the (document|invoice|receipt|form|scan|letter|contract) {image}",
        "(read|check|look at) the (document|invoice|receipt|form|scan|letter|bill) {image} and tell me {qi}",
        "(tell me|find out) {qi} (on|in|from|according to) the (invoice|receipt|form|scanned page|document|bill) {image}",
        "(retrieve|get|extract) the answer to {q} from the document {image}",
        "(do|run) (document question answering|document QA) on {image} with {q}",
        "(look up|find) {q} in the (scan|document|paperwork|form) {image}",
    ),
    "image-segmentation": (
        "(segment|partition) {image}",
        "(divide|split|break|cut) {image} (into|up into) (segments|regions|parts|labelled regions)",
        "(get|make|create|find|show me) (the|a|all the) (segments|segmentation|regions|segmentation map) (of|for|in) {image}",
        "(separate|identify) the (regions|parts|areas|different areas) (of|in) {image}",
        "colour each (region|part|area) of {image} by what it is",
        "(label|classify) every (pixel|region) of {image}",
        "map each pixel (in|of) {image} to an object",
    ),
    "mask-generation": (
        "(cut out|mask) (everything|all|every object|each thing) in {image}",
        "(make|create|generate|give me|get|produce) (masks|all the masks|mask images|cutout masks) (for|of|from) {image}",
        "(extract|produce) (a mask|masks) (for|of) (everything|each object|every thing) in {image}",
        "(run|use) segment anything on {image}",
        "mask {image}",
    ),
    "depth-estimation": (
        "(estimate|compute|get|measure|determine|predict) the depth (of|in|for) {image}",
        "(tell me|show me|find out) how far away (everything|each thing|things) (is|are) in {image}",
        "(make|create|generate|give me|produce) (a|the) depth (map|image|estimate|estimation) (of|for|from) {image}",
        "(estimate|find|analyse|analyze|predict) the (depth|distance) of (the objects|objects|everything|things) in {image}",
        "(work out|estimate) the distances in {image}",
        "run a depth model on {image}",
    ),
    "text-to-speech": (
        "(read|say|speak) {text} (aloud|out loud|to me|)",
        "(turn|convert|transform) {text} (into|to) (speech|audio|spoken words|a spoken audio|a voice)",
        "(make|create|generate|produce|record) (an audio|a recording|speech|a voice message|a spoken version|an audio version) (of|from|for) {text}",
        "(let me hear|play me|voice|narrate|pronounce) {text}",
        "read (me|out) {text}",
        "(give|provide|send) me {text} as (audio|speech|a voice message|an audio response)",
        "speak {text}",
    ),
    "text-to-audio": (
        "(make|create|generate|compose|produce) (music|a tune|a song|a melody|a soundtrack) (of|with|like|that sounds like) {desc}",
        "(make|create|generate|play) (me|) (the sound|a sound|a sound effect|the noise) of {desc}",
        "(compose|write) a (piece of music|jingle|melody) (from|based on|about|inspired by) {text}",
        "(generate|create|make) (music|a sound|a sound effect|a soundtrack) (from|based on|out of|for|to go with) {text}",
        "turn {text} into (music|a song|a sound)",
        "let me hear the sound of {desc}",
    ),
    "automatic-speech-recognition": (
        "(transcribe|write down|type up) {audio}",
        "(turn|convert) {audio} (into|to) (text|words|a transcript|written text)",
        "(tell me|write down|find out) what (is said|they say|is being said|the speaker says|was said) in {audio}",
        "(make|get|give me|create) a (transcript|transcription) (of|from|for) {audio}",
        "(run|use|do) speech (recognition|to text) on {audio}",
        "(get|extract) the (words|text|spoken words|speech) (from|in|of) {audio}",
        "put {audio} in writing",
    ),
    "audio-to-audio": (
        "(clean up|clean|denoise|enhance|improve) {audio}",
        "(remove|filter out|reduce|take out) the (noise|background noise|hiss|static|hum) (from|in|of) {audio}",
        "(separate|split) the (voices|speakers|sources|instruments) in {audio}",
        "(change|alter|convert) the voice in {audio}",
        "(make|get) {audio} (sound better|clearer|cleaner|less noisy)",
        "(improve|enhance) the (quality|sound quality|clarity) of {audio}",
        "isolate the (voice|vocals|singer) in {audio}",
    ),
    "audio-classification": (
        "classify {audio}",
        "(tell me|find out|decide) what (kind of sound|sort of sound|emotion|mood) (is in|is heard in|you hear in) {audio}",
        "(identify|detect|recognise|recognize|determine) the (sound|emotion|speaker|instrument|type of sound|command) in {audio}",
        "(tell me|find out|decide) (whether|if) {audio} is (music or speech|speech or noise|happy or sad)",
        "(label|categorise|categorize) the (sound|audio|noise) (of|in) {audio}",
        "(work out|determine) (the emotion|the mood|how the speaker feels) in {audio}",
    ),
    "video-classification": (
        "classify {video}",
        "(tell me|say|find out) what (happens|is happening|is going on|people are doing) in {video}",
        "(identify|recognise|recognize|detect|name) the (action|activity|sport|event) in {video}",
        "(label|categorise|categorize) {video}",
        "determine (the action|the activity|what kind of clip) {video} (shows|is)",
    ),
    "canny-control": (
        "(extract|find|detect|get|trace) the (edges|outlines|canny edges) (of|in|from) {image}",
        "(make|create|give me) (a canny map|an edge map|a canny edge image|a canny image) (of|from|for) {image}",
        "run (canny|a canny filter|edge detection) on {image}",
    ),
    "hed-control": (
        "(extract|get|find) the (soft edges|HED edges|hed edges) (of|in|from) {image}",
        "(make|create|give me) (a hed map|a HED map|a soft edge map|a soft edge image) (of|from|for) {image}",
        "run (hed|HED|a soft edge filter) on {image}",
    ),
    "mlsd-control": (
        "(extract|get|find|detect) the (straight lines|line segments|mlsd lines) (of|in|from) {image}",
        "(make|create|give me) (an mlsd map|a line map|an MLSD image|a straight line map) (of|from|for) {image}",
        "run (mlsd|MLSD|line detection) on {image}",
    ),
    "normal-control": (
        "(extract|get|compute|estimate) the (surface normals|normals|normal map) (of|in|from|for) {image}",
        "(make|create|give me) a (normal map|surface normal map|normals image) (of|from|for) {image}",
        "run (normal estimation|a normal estimator) on {image}",
    ),
    "openpose-control": (
        "(extract|get|find|detect|estimate) the (pose|poses|body poses|skeletons) (of the people |of everyone |)in {image}",
        "(make|create|give me) (a pose map|an openpose image|a stick figure|a skeleton) (of|from|for) {image}",
        "run (openpose|pose detection|pose estimation) on {image}",
    ),
    "depth-control": (
        "(make|create|give me|get) (a depth control|a depth control image|a depth conditioning image|a depth guide) (of|from|for) {image}",
        "(extract|prepare) (the depth|a depth guide) from {image} (as a control image|for guiding a drawing|as a control)",
        "run depth control on {image}",
    ),
    "seg-control": (
        "(make|create|give me|get) (a segmentation control|a seg control image|a segment guide|a seg control) (of|from|for) {image}",
        "(extract|prepare) (the segments|a segment guide) from {image} (as a control image|for guiding a drawing|as a control)",
        "run seg control on {image}",
    ),
}

_GUIDED = (
    "(draw|paint|generate|create|make) (a picture of |an image of |){desc} (guided by|following|using|that follows|based on|from) WHAT {image}",
    "(use|take|follow) WHAT {image} to (draw|paint|generate|create) {desc}",
    "(with|from|using) WHAT {image} as a guide, (draw|paint|create) {desc}",
)
_GUIDES = {
    "canny": "the (edges|edge map|canny map|canny edges|outlines) (of|in)",
    "hed": "the (soft edges|hed map|HED edges|soft edge map) (of|in)",
    "mlsd": "the (straight lines|mlsd lines|line map) (of|in)",
    "normal": "the (normal map|surface normals|normals) (of|in)",
    "openpose": "the (pose|poses|openpose skeleton|body pose) (of|in)",
    "depth": "the (depth|depth map|depths) (of|in)",
    "seg": "the (segments|segmentation map|segmentation) (of|in)",
}
IMPERATIVE |= {
    f"{guide}-text-to-image": tuple(template.replace("WHAT", what) for template in _GUIDED[:2])
    for guide, what in _GUIDES.items()
}

QUESTION: dict[str, tuple[str, ...]] = {
    "text-classification": (
        "is {text} (positive or negative|happy or sad|a good review|a compliment)?",
        "what is the (sentiment|mood|tone) of {text}?",
        "how does {text} (sound|feel), (good or bad|positive or negative)?",
        "is {text} (happy|positive|sad|negative|friendly|angry)?",
        "is {text} a (happy|positive|sad|negative|nice|good|bad) (sentence|message|review|text)?",
        "does {text} sound (happy|positive|angry|sad|negative|friendly)?",
        "is {text} meant (well|in a friendly way|as a compliment)?",
    ),
    "zero-shot-classification": ("is {text} about {labels}?", "which of {labels} is {text}?"),
    "translation": (
        "what is {text} in {lang}?",
        "how do (you|I) say {text} in {lang}?",
        "what does {text} mean in {lang}?",
    ),
    "summarization": (
        "what is {text} (about|saying) in short?",
        "what are the main points of {text}?",
    ),
    "token-classification": (
        "(who|which people) and which places are (named|mentioned) in {text}?",
    ),
    "sentence-similarity": ("how (similar|alike|close) are {text1} and {text2}?",),
    "fill-mask": ("(which|what) word is missing in {text}?", "what goes in the blank of {text}?"),
    "question-answering": ("{Q} (Look|Check|The answer is|Find it) in {context}.",),
    "table-question-answering": ("{Q} (Look|Check|Find it) in the table {table}.",),
    "object-detection": (
        "(what|which) (objects|things|shapes|items) (are|can you find|can you detect) in {image}?",
        "where are the (objects|things|shapes) in {image}?",
        "how many (objects|shapes|things) can you (detect|find) in {image}?",
    ),
    "zero-shot-object-detection": (
        "where (is|are) {labels} in {image}?",
        "can you see {labels} in {image}?",
    ),
    "image-classification": (
        "what (class|category|kind of thing) is {image}?",
        "what class does {image} belong to?",
        "(what|which) shape is in {image}?",
    ),
    "zero-shot-image-classification": ("is {image} {labels}?", "does {image} show {labels}?"),
    "image-to-text": (
        "what (is|do you see|can you see) in {image}?",
        "what (is|'s) (happening|going on|shown) in {image}?",
        "what does {image} (show|say)?",
        "what's (in|on) {image}?",
        "what do we see in {image}?",
        "how would you describe {image}?",
    ),
    "visual-question-answering": (
        "{Q} (Look at|See|Use) {image}.",
        "In {image}, {Q}",
        "About {image}: {Q}",
    ),
    "document-question-answering": (
        "{Q} (Look|Check) in the (document|invoice|scan|form) {image}.",
        "On the (invoice|receipt|form|document) {image}, {Q}",
    ),
    "image-segmentation": ("what are the (segments|regions) of {image}?",),
    "depth-estimation": (
        "how far away is everything in {image}?",
        "how deep is the scene in {image}?",
    ),
    "automatic-speech-recognition": (
        "what (is said|is being said|are they saying|does the speaker say) in {audio}?",
    ),
    "audio-classification": (
        "what (kind of sound|sound|emotion|instrument) is (in|heard in) {audio}?",
        "is {audio} (music or speech|happy or angry)?",
    ),
    "video-classification": ("what (happens|is happening|are they doing) in {video}?",),
}

NOMINAL: dict[str, tuple[str, ...]] = {
    "token-classification": ("the (entities|named entities|names) in {text}",),
    "text-classification": (
        "the (sentiment|mood|tone) of {text}",
        "a sentiment analysis of {text}",
    ),
    "text2text-generation": ("a (paraphrase|rewording|corrected version|rewrite) of {text}",),
    "summarization": ("(a|the|a short) (summary|digest) of {text}", "the gist of {text}"),
    "translation": (
        "(a|the) translation of {text} (into {lang}|)",
        "a {lang} (version|translation) of {text}",
    ),
    "conversational": ("a (reply|response) to {text}",),
    "text-generation": (
        "a (story|poem|text|paragraph) (about|based on) {text}",
        "a continuation of {text}",
    ),
    "sentence-similarity": ("the similarity (of|between) {text1} and {text2}",),
    "feature-extraction": ("(an|the) embedding of {text}",),
    "object-detection": (
        "(the|a list of the) (objects|shapes|things) in {image}",
        "boxes around the objects in {image}",
    ),
    "image-classification": ("the (class|category|label) of {image}",),
    "image-to-image": (
        "an (enhanced|improved|upscaled) version of {image}",
        "a (sharper|better) copy of {image}",
    ),
    "image-to-text": ("(a|the) (caption|description) (of|for) {image}", "the text in {image}"),
    "text-to-image": (
        "(a picture|an image|a drawing|a painting) of {desc}",
        "(a picture|an image) based on {text}",
    ),
    "text-to-video": ("a (video|clip) of {desc}", "a video based on {text}"),
    "image-to-video": ("(a video|an animation|a clip) made from {image}",),
    "image-segmentation": (
        "(a|the) (segmentation|segmentation map) of {image}",
        "the segments of {image}",
    ),
    "mask-generation": ("masks of everything in {image}",),
    "depth-estimation": ("(a|the) depth (map|estimate) of {image}",),
    "text-to-speech": (
        "(an audio version|a spoken version|a recording) of {text}",
        "{text} as audio",
    ),
    "text-to-audio": ("(music|a sound|a tune) (of|like) {desc}",),
    "automatic-speech-recognition": (
        "(a|the) (transcript|transcription) of {audio}",
        "the words said in {audio}",
    ),
    "audio-to-audio": ("a (cleaner|cleaned|noise-free|better) version of {audio}",),
    "audio-classification": ("the (kind of sound|emotion) in {audio}",),
    "video-classification": ("the (action|activity) in {video}",),
    "canny-control": ("(an edge map|a canny map|the edges) of {image}",),
    "hed-control": ("(a soft edge map|the soft edges) of {image}",),
    "mlsd-control": ("the straight lines of {image}",),
    "normal-control": ("(a|the) normal map of {image}",),
    "openpose-control": ("the (pose|poses) in {image}",),
}

# The names benchmarks and technical people call a task by ("perform X on Y").
FORMAL: dict[str, tuple[str, ...]] = {
    "token-classification": ("token classification", "named entity recognition"),
    "text-classification": ("text classification", "sentiment analysis"),
    "text2text-generation": ("text-to-text generation", "paraphrasing"),
    "summarization": ("summarization", "text summarization"),
    "translation": ("translation",),
    "text-generation": ("text generation",),
    "feature-extraction": ("feature extraction",),
    "fill-mask": ("mask filling",),
    "tabular-classification": ("tabular classification", "table classification"),
    "object-detection": ("object detection",),
    "image-classification": ("image classification",),
    "image-to-image": (
        "image-to-image transformation",
        "image enhancement",
        "image-to-image translation",
    ),
    "image-to-text": ("image captioning", "image-to-text conversion", "image to text"),
    "image-segmentation": ("image segmentation", "segmentation"),
    "mask-generation": ("mask generation",),
    "depth-estimation": ("depth estimation",),
    "text-to-speech": ("text-to-speech conversion", "speech synthesis", "text-to-speech"),
    "automatic-speech-recognition": (
        "automatic speech recognition",
        "speech recognition",
        "speech-to-text",
    ),
    "audio-to-audio": (
        "audio-to-audio processing",
        "audio enhancement",
        "speech enhancement",
        "noise removal",
    ),
    "audio-classification": ("audio classification", "emotion recognition"),
    "video-classification": ("video classification", "action recognition"),
}

# "have it ...", "I want it ..."
PARTICIPLE: dict[str, tuple[str, ...]] = {
    "token-classification": ("token-classified", "tagged with its entities"),
    "text2text-generation": ("paraphrased", "rephrased", "corrected"),
    "summarization": ("summarized", "shortened", "summed up"),
    "translation": ("translated into {lang}", "translated to {lang}", "translated"),
    "object-detection": ("searched for objects", "run through object detection"),
    "image-classification": ("classified", "categorized", "sorted into a class"),
    "image-to-image": ("enhanced", "upscaled", "improved", "transformed to a different style"),
    "image-to-text": ("described", "captioned", "converted into text"),
    "text-to-image": ("illustrated", "turned into an image", "drawn"),
    "text-to-video": ("turned into a video", "made into a clip"),
    "image-to-video": ("animated",),
    "image-segmentation": ("segmented", "divided into segments", "split into regions"),
    "depth-estimation": ("analyzed for depth", "measured for depth"),
    "text-to-speech": ("read aloud", "converted to speech", "spoken", "read out"),
    "automatic-speech-recognition": ("transcribed", "converted into text", "written down"),
    "audio-to-audio": ("cleaned", "denoised", "enhanced"),
    "audio-classification": ("classified", "labelled by its sound"),
    "video-classification": ("classified", "labelled"),
    "tabular-classification": ("classified as a table",),
}

# One task for two things of a kind, `{x}` being "both images".
PLURALS = {
    "image": (
        "both images",
        "the two pictures",
        "both photos",
        "each of the images",
        "these two images",
        "both of them",
        "all the pictures",
        "the images",
    ),
    "audio": ("both recordings", "the two audio files", "both of them", "each recording"),
    "text": (
        "both texts",
        "the two documents",
        "both of them",
        "each of the texts",
        "both sentences",
    ),
}
COMPARE_BOTH = (
    "compare (both|the two|the) RESULTS",
    "(tell me|see|check) how (similar|alike) the (two|) RESULTS are",
    "(measure|find) the similarity of (both|the two) RESULTS",
    "(tell me|check) if (both|the two|the) RESULTS say the same",
    "compare them",
    "see how similar they are",
)
PLURAL_RESULTS = {
    "image-to-text": "captions|descriptions",
    "automatic-speech-recognition": "transcripts|transcriptions",
    "summarization": "summaries",
    "translation": "translations",
    "image-classification": "classes|labels",
    "text2text-generation": "paraphrases",
}

# What a later clause calls the output of each task, by media.
OUTPUT_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "token-classification": {
        "text": ("the entities", "the found entities", "the tagged tokens", "those names")
    },
    "text-classification": {"text": ("the sentiment", "the verdict", "the detected mood")},
    "zero-shot-classification": {"text": ("the chosen label", "the category")},
    "text2text-generation": {
        "text": ("the paraphrase", "the rewritten text", "the corrected text", "the new wording")
    },
    "summarization": {
        "text": ("the summary", "the short version", "the summarized text", "that summary")
    },
    "translation": {
        "text": ("the translation", "the translated text", "the {lang} version", "that translation")
    },
    "question-answering": {"text": ("the answer", "that answer")},
    "table-question-answering": {"text": ("the answer", "that answer")},
    "conversational": {"text": ("the reply", "the response", "the conversational response")},
    "text-generation": {
        "text": ("the generated text", "the new text", "what you wrote", "the story")
    },
    "sentence-similarity": {"text": ("the similarity score", "the comparison")},
    "feature-extraction": {"text": ("the embedding", "the vector")},
    "fill-mask": {"text": ("the completed sentence", "the filled text")},
    "tabular-classification": {
        "text": ("the classification", "the table classes", "the classified rows")
    },
    "object-detection": {
        "text": (
            "the detected objects",
            "the list of objects",
            "the labels found",
            "the detection results",
        ),
        "image": ("the annotated image", "the picture with the boxes", "the image with boxes"),
    },
    "zero-shot-object-detection": {
        "text": ("the detections", "the list of finds"),
        "image": ("the image with the boxes", "the marked picture"),
    },
    "image-classification": {
        "text": ("the class", "the label", "the identified class", "the classification result")
    },
    "zero-shot-image-classification": {"text": ("the chosen label", "the best label")},
    "image-to-image": {
        "image": (
            "the enhanced image",
            "the improved image",
            "the transformed image",
            "the new version",
        )
    },
    "image-to-text": {
        "text": (
            "the caption",
            "the description",
            "that caption",
            "the extracted text",
            "the generated caption",
        )
    },
    "text-to-image": {
        "image": (
            "the generated image",
            "the picture",
            "the image",
            "that picture",
            "the drawing",
            "the generated picture",
        ),
    },
    "text-to-video": {"video": ("the video", "that clip", "the generated video", "the clip")},
    "image-to-video": {"video": ("the video", "the animation", "that clip")},
    "visual-question-answering": {"text": ("the answer", "that answer", "your answer")},
    "document-question-answering": {"text": ("the answer", "that answer", "the retrieved answer")},
    "image-segmentation": {
        "image": ("the segmented image", "the segments", "each segment", "the segmentation map"),
        "text": ("the segment labels", "the list of segments"),
    },
    "mask-generation": {"image": ("the masks", "the mask image"), "text": ("the list of masks",)},
    "depth-estimation": {
        "image": ("the depth map", "the depth image", "the depth-estimated image"),
        "text": ("the depth report", "the depth results"),
    },
    "text-to-speech": {
        "audio": (
            "the audio",
            "the speech",
            "the recording",
            "the spoken version",
            "the generated speech",
        )
    },
    "text-to-audio": {"audio": ("the music", "the sound", "the tune", "the generated sound")},
    "automatic-speech-recognition": {
        "text": ("the transcript", "the transcription", "the transcribed text", "the spoken words")
    },
    "audio-to-audio": {
        "audio": (
            "the cleaned audio",
            "the clean version",
            "the enhanced audio",
            "the improved recording",
        )
    },
    "audio-classification": {
        "text": ("the sound label", "the detected emotion", "the audio class")
    },
    "video-classification": {"text": ("the activity", "the video label", "the recognised action")},
    "canny-control": {"image": ("the edge map", "the canny image", "the edges")},
    "hed-control": {"image": ("the soft edge map", "the hed map")},
    "mlsd-control": {"image": ("the line map", "the straight lines")},
    "normal-control": {"image": ("the normal map",)},
    "openpose-control": {"image": ("the pose map", "the skeleton", "the pose")},
    "depth-control": {"image": ("the depth guide", "the depth control image")},
    "seg-control": {"image": ("the segment guide", "the seg control image")},
}
for _guide in _GUIDES:
    OUTPUT_NAMES[f"{_guide}-text-to-image"] = {
        "image": ("the new picture", "the guided drawing", "the generated image")
    }
