"""What tells languages of one script apart: their alphabets, letters of their own, small words and endings."""

from __future__ import annotations

_RU = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")
_AZ = frozenset("abcdefghijklmnopqrstuvwxyz'")
_ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقلمنهوءئأإآؤةىي")
_MARKS = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0640\u200c")

# Script → language → the letters that it writes with (lower case).
ALPHABETS: dict[str, dict[str, frozenset[str]]] = {
    "Cyrl": {
        "ru": _RU,
        "kk": _RU | set("әғқңөұүһі"),
        "ky": _RU | set("ңөү"),
        "uz": (_RU | set("ўқғҳ")) - set("щы") | {"'"},
        "tg": (_RU | set("ӣӯҳҷқғ")) - set("щыць"),
        "mn": _RU | set("өү"),
        "uk": (_RU | set("іїєґ'")) - set("ыэёъ"),
        "be": (_RU | set("іў'")) - set("ищъ"),
        "bg": _RU - set("ыэё"),
        "tt": _RU | set("әөүҗңһ"),
    },
    "Latn": {
        "en": _AZ,
        "fr": _AZ | set("àâæçéèêëîïôœùûüÿ"),
        "de": _AZ | set("äöüß"),
        "tr": (_AZ | set("çğıöşüâîû\u0307")) - set("qwx"),
        "az": (_AZ | set("çəğıöşü\u0307")) - set("w"),
        "uz": (_AZ | set("şçğñ")) - set("w"),
        "tk": (_AZ | set("äçňöşüýž")) - set("qvx"),
        "kk": (_AZ | set("äáñńŋğǵıóöşūúüýÿ\u0307")) - set("w"),
        "es": _AZ | set("áéíñóúü"),
        "it": _AZ | set("àèéìòù"),
        "pl": _AZ | set("ąćęłńóśźż"),
        "pt": _AZ | set("áâãàçéêíóôõú"),
    },
    "Arab": {
        "fa": (_ARABIC | set("پچژگکی") | _MARKS) - set("ةيى"),
        "ar": _ARABIC | _MARKS,
        "kk": frozenset("اەبپتجحدرزسشعقفكگلمنڭوۇۋۆىيھهچءئٴۈ") | _MARKS,
        "ug": frozenset("ابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيەئ") | _MARKS,
        "ur": _ARABIC | set("ٹپچڈڑژںکگیےہھۓ") | _MARKS,
        "ps": _ARABIC | set("ټپځڅچډړژږښګکڼیېۍ") | _MARKS,
    },
}

# Letters that no other language of the region and script has.
OWN_LETTERS: dict[tuple[str, str], frozenset[str]] = {
    ("kk", "Cyrl"): frozenset("ұі"),
    ("ky", "Cyrl"): frozenset("ңөү"),
    ("uz", "Cyrl"): frozenset("ўқғҳ"),
    ("tg", "Cyrl"): frozenset("ӣӯҷ"),
    ("ru", "Cyrl"): frozenset("щы"),
    ("uk", "Cyrl"): frozenset("їєґ"),
    ("tt", "Cyrl"): frozenset("җ"),
    ("tk", "Latn"): frozenset("ýňäž"),
    ("tr", "Latn"): frozenset("ığ"),
    ("az", "Latn"): frozenset("ə"),
    ("kk", "Latn"): frozenset("ñŋǵńū"),
    ("de", "Latn"): frozenset("ß"),
    ("fr", "Latn"): frozenset("èêœ"),
    ("fa", "Arab"): frozenset("پچژگکی"),
    ("kk", "Arab"): frozenset("ۇۋەڭءعى"),
    ("ug", "Arab"): frozenset("ېۈۆئ"),
    ("ur", "Arab"): frozenset("ٹڈڑںےہ"),
    ("ps", "Arab"): frozenset("ټځڅډړږښڼې"),
    ("ar", "Arab"): frozenset("ةأإى"),
}

SMALL_WORDS: dict[str, frozenset[str]] = {
    key: frozenset(words.split())
    for key, words in {
        "ru": """и в во на с со к по за из от до для о об при не что как это его её их они мы вы он она был была были
            будет будут после через между более также уже ещё или но а же ли бы под над без у который которые которая
            чем где когда почему сколько стал стали может из-за года году лет президент глава новый против""",
        "kk-Cyrl": """мен бен пен және да де та те үшін туралы бойынша жылы жыл бұл осы сол ол деп деді бар жоқ
            емес болды
            болып болады болған екі бір үш жаңа елдің елде қалай неге кім не арқылы кейін дейін бастап қарсы ең өз өзі
            туралы жүзінде атты енді тағы барлық қатар арасында ішінде ғана өтті берді етті отыр жатыр""",
        "ky": """менен жана үчүн боюнча тууралуу жылы бул ушул ошол ал деп деди бар жок эмес болду болуп болот
            болгон эки бир
            үч жаңы кандай эмне ким аркылуу кийин чейин каршы эң өз өзү дагы бардык арасында ичинде гана өттү берди
            кылды жатат турат да де же ийин эле үй кыргыз жөнүндө арыз колдонуу сом киши тарабынан""",
        "uz-Cyrl": """ва билан учун ҳақида бўйича йилда бу шу у деб деди бор йўқ эмас бўлди бўлиб бўлади бўлган
            икки бир уч
            янги қандай нима ким орқали кейин гача қарши энг ўз яна барча ўртасида ичида фақат ўтди берди қилди этди
            ҳам лекин томонидан сўм нафар ушбу этилди қилинди маълум қилинган мумкин керак каби""",
        "tg": """ва дар ба аз бо барои то ки ин он ҳам аст буд шуд шуда мешавад кард карда мекунад баъди байни
            тибқи оид
            бар чанд чаро чӣ кӣ ё на нест дигар як ду се соли нав худро худ онҳо мо шумо вай гуфт дорад доранд хоҳад
            зери пеш миёни ҷумҳурии нафар кишвар гардид намуд гуфтугӯ дода додан шудан мешаванд""",
        "mn": "ба нь энэ тэр байна болон гэж юм шинэ оны их улсын монгол хэмээн талаар үед өдөр",
        "uk": """і та в у на з із до для про що як це його її їх вони від після через під над щодо був була
            буде або але""",
        "be": "і ў у на з да для пра што як гэта яго яе пасля праз або але быў была будзе",
        "bg": "и в на с за от да се не че ще са по при след което този тази които е",
        "tt": "һәм белән өчен дә бу шул бар юк татарстан казан турында буенча",
        "en": """the of and to in for on with at by from as is are was were be has have had will after over
            into its it
            his her their that this who what why how not but new says said amid against more than about between under
            up out a an or he she they we you first could would""",
        "fr": """le la les de des du un une et à au aux en dans pour par sur avec est sont a ont été qui que ce
            cette ces
            il elle ils son sa ses leur leurs ne pas plus après contre entre sous selon mais ou où comme d' l' se fait
            être sans depuis""",
        "de": """der die das und in den von zu mit für auf ist im dem nicht ein eine einen einer als auch es an
            werden aus
            er hat dass sie nach wird bei um am sind noch wie über vor bis mehr durch gegen zum zur unter will ihr
            seine sein wurde""",
        "tr": """ve bir bu da de için ile olarak olan daha çok en gibi kadar sonra ne ki mi mı var yok oldu etti dedi
            arasında yeni ülke karşı tarafından üzerine göre değil ise ya her iki olduğu etmek türkiye cumhurbaşkanı
            görüştü yapıldı nin ın in un den dan""",
        "az": "və bir bu də da üçün ilə olan daha çox ən kimi qədər sonra nə ki var yox oldu etdi dedi arasında yeni",
        "uz-Latn": """va bilan uchun haqida bo'yicha yilda bu shu u deb dedi bor yo'q emas bo'ldi bo'lib
            bo'ladi bo'lgan
            ikki bir uch yangi qanday nima kim orqali keyin qarshi eng o'z yana barcha o'rtasida ichida faqat o'tdi
            berdi qildi etdi ham lekin tomonidan so'm nafar ushbu ma'lum mumkin kerak yil kuni qilindi etildi""",
        "tk": """we bilen üçin barada boýunça ýylda bu şu ol diýip diýdi bar ýok däl boldy bolup bolan iki bir üç täze
            nähili näme kim arkaly soň çenli garşy iň öz ýene ähli arasynda içinde diňe geçdi berdi etdi hem ýa-da
            edýär berýär bolýar edildi türkmen ýurduň dünýä geçirildi""",
        "kk-Latn": """men ben pen jäne jáne jana üşin úshin turaly boıynsha boyınşa jyly jıly bul osy sol ol
            dep dedi bar joq
            emes boldy boldı bolyp bolıp eki bir üsh jaña jańa jaŋa qalaı qalay kim arqyly arqılı keıin keyin qarsy eñ
            öz óz tağı barlyq qazaq qazaqstan da de ta te ótti ötti öttı berdi""",
        "es": "el la los las de del y en un una por con para que se su no es al lo como más pero",
        "it": "il lo la i gli le di del della e in un una per con che non è al si come più",
        "pl": "w i z na do się nie jest że o po za od przez przy jak dla co to",
        "pt": "o a os as de do da e em um uma por com para que se no na não é mais como",
        "fa": """و در به از که این را با است برای آن یک خود تا بر هم شد می های کرد شده گفت دارد بود یا نیز پس ها ای
            کند شود بین علیه درباره کشور سال""",
        "ar": "في من على إلى أن عن مع هذا هذه التي الذي بعد بين كان قال ما لا أو كما",
        "kk-Arab": """مەن بەن پەن جانە جىلى بۇل وسى دەپ دەدى بار جوق ەمەس بولدى بولىپ ءۇشىن ەكى ءبىر تۋرالى
            قازاق جاڭا دا دە""",
        "ug": "ۋە بىلەن ئۈچۈن بۇ بىر دەپ بار يوق ئۇيغۇر توغرىسىدا خىتاي كېيىن ئۇ",
        "ur": "کے کی میں ہے کا سے اور کو نے پر ہیں کہ یہ ایک بھی اس تھا",
        "ps": "د په او چې کې ته له یې دی شوي هغه سره",
    }.items()
}

ENDINGS: dict[str, tuple[str, ...]] = {
    "ru": ("ого", "ому", "ами", "ыми", "ется", "ился", "ения", "ении", "ться", "ского", "ской", "ости", "ировали"),
    "kk-Cyrl": (
        "ның",
        "нің",
        "дың",
        "дің",
        "тың",
        "тің",
        "дағы",
        "дегі",
        "лық",
        "лік",
        "лар",
        "лер",
        "дар",
        "дер",
        "тар",
        "тер",
        "ады",
        "еді",
        "ылды",
        "ілді",
        "ында",
        "інде",
        "мен",
        "қан",
        "ған",
        "ген",
        "кен",
        "стан",
    ),
    "ky": (
        "нын",
        "нин",
        "нун",
        "нүн",
        "дын",
        "дин",
        "тын",
        "тин",
        "дагы",
        "деги",
        "лар",
        "лер",
        "лор",
        "лөр",
        "дар",
        "дер",
        "тар",
        "тер",
        "ылды",
        "илди",
        "улду",
        "үлдү",
        "ууда",
        "үүдө",
        "ууга",
        "бады",
        "атат",
        "ашты",
        "ында",
    ),
    "uz-Cyrl": ("нинг", "даги", "лари", "лар", "ларни", "илди", "ганда", "ида", "дан", "ига", "лик", "ади", "моқда"),
    "tg": ("ҳои", "ҳо", "они", "ияи", "ории", "ист", "анд", "ониро", "ларо", "ашро", "авад", "амро", "истон"),
    "tr": ("ları", "leri", "ının", "inin", "dan", "den", "ında", "inde", "lar", "ler", "ması", "mesi", "nın", "nin"),
    "uz-Latn": ("ning", "dagi", "lari", "lar", "larni", "ildi", "ganda", "ida", "dan", "iga", "lik", "adi", "moqda"),
    "tk": ("nyň", "niň", "yny", "ini", "lary", "leri", "dan", "den", "ynda", "inde", "ýär", "ýar", "ldi", "ldy", "jak"),
    "kk-Latn": (
        "nyñ",
        "nyń",
        "nıñ",
        "niñ",
        "niń",
        "dağy",
        "lar",
        "ler",
        "dar",
        "der",
        "ady",
        "adı",
        "ılǵan",
        "ymen",
        "ında",
    ),
    "en": ("ing", "tion", "ment", "ed", "ies", "ity"),
    "fr": ("tion", "ment", "ée", "ées", "eur", "ique", "aire"),
    "de": ("ung", "ungen", "lich", "isch", "ische", "ischen", "keit"),
    "kk-Arab": ("نىڭ", "دىڭ", "تىڭ", "لار", "لەر", "عان", "گەن", "ادى", "ەدى", "دا", "دە"),
}
