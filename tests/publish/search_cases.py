"""A small archive in many scripts and the questions that are put to it; run inside the program on each database."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from articles.models import Article, ArticleCountry, ArticleText, Country, Source, Story
from articles.publish import lists
from articles.publish.query import BadQuery, ListQuery
from articles.store.search import index_stored

START = datetime(2024, 1, 1, tzinfo=UTC)
TITLES = (
    "Tokayev opens the Rogun summit",
    "Токаев прибыл в Ташкент",
    "Тоқаев Астанада сөз сөйледі",
    "Токаева ждут в Бишкеке",
    "Toqayevning tashrifi",
    "Мирзиёев и Токаев обсудили газ",
    "Ўзбекистон Президенти Мирзиёев",
    "中国与哈萨克斯坦签署协议",
    "乌兹别克斯坦天然气",
    "Kara-Balta rafinery, COVID-19 and 1e5 tonnes",
    "0x1f 12abc 3.14 e10 x12 q12 w0 20260101",
    "Газопровод «Средняя Азия — Китай» AND OR NOT NEAR",
    "საქართველო და ყაზახეთი",
    "قزاقستان و ایران",
    "Қазақстан мен Иран",
    "Kazakhstan, Iran sign a gas deal",
    "<b>Tokayev</b> & Co. 'quoted' \"words\"",
    "Токаев газ Токаев газ",
    "a b c",
    "🙂🙂",
)
ASKED = (
    "Tokayev",
    "Токаев",
    "Тоқаев",
    "Токаева",
    "tok*",
    "to*",
    "rogun",
    "рогун",
    "Rahmon",
    '"Токаев газ"',
    '"газ Токаев"',
    "токаев -газ",
    "-газ",
    "газ -токаев -мирзиёев",
    "中国",
    "中",
    "坦",
    "哈萨克斯坦",
    "乌兹别克",
    "天然气 -中国",
    "Kara-Balta",
    "covid-19",
    "1e5",
    "0x1f",
    "12abc",
    "3.14",
    "e10",
    "x12",
    "q12",
    "w0",
    "20260101",
    "2026*",
    "AND OR NOT NEAR",
    "საქართველო",
    "ایران",
    "иран",
    "kazakhstan",
    "қазақстан",
    "Казахстан иран",
    "gas",
    "a",
    "the",
    '"',
    '""""',
    "*",
    "-",
    "NEAR(a b)",
    "tokayev*",
    "quoted",
    "'; DROP TABLE articles_article; --",
    "<script>",
    "🙂",
    "a b c",
    '"a b" c',
    '"a c"',
    "%",
    "_",
    "\\",
    "()",
    "a:*",
    "!!!",
    "|",
    '"' * 10_000,
    "* " * 5_000,
    "- " * 5_000,
    "(" * 10_000,
    "🙂" * 10_000,
    "ab " * 4_000,
    '"ab ' * 3_000,
    "a* " * 3_000,
    "x" * 10_000,
    "中" * 10_000,
    "AND " * 3_000,
    "\ud800",
    "-a " * 3_000,
)
NARROWED: tuple[dict[str, Any], ...] = (
    {"country": "KZ"},
    {"country": "KZ UZ", "language": "ru"},
    {"source": "second"},
    {"perspective": "kz"},
    {"owner": "nobody"},
    {"ownership": "state", "q": "токаев"},
    {"country": "KZ", "q": "токаев"},
    {"since": START + timedelta(days=40), "q": "tokayev"},
    {"until": START + timedelta(days=300), "q": "tokayev"},
    {"q": "tokayev", "sort": "fit"},
    {"q": "газ", "sort": "fit"},
    {"since": START + timedelta(days=100), "until": START + timedelta(days=101), "country": "KZ", "language": "ru"},
)


def fill() -> None:
    """Rows over nearly three years, so that every window of days is crossed; the same on every database."""
    chance = random.Random(7)
    for slug, side, owner in (("first", "kz", "state"), ("second", "ru", "independent"), ("third", "western", "exile")):
        Source.objects.create(slug=slug, name=slug, owner=slug, ownership=owner, perspective=side)
    Country.objects.bulk_create([Country(code=code, slug=code.lower()) for code in ("KZ", "UZ")])
    sources = list(Source.objects.order_by("slug"))
    words = " ".join(TITLES).split()
    for number in range(240):
        at = START + timedelta(days=chance.choice((0, 1, 3, 60, 500, 900)), hours=number)
        title = TITLES[number] if number < len(TITLES) else " ".join(chance.choices(words, k=6))
        article = Article.objects.create(
            source=chance.choice(sources),
            title=title,
            summary=" ".join(chance.choices(words, k=8)),
            at=at,
            fetched_at=at,
            updated_at=at,
            language=chance.choice(("en", "ru", "kk")),
            story=story(number, at),
            hidden=number % 29 == 28,
            relevant=number % 31 != 30,
        )
        for code in ("KZ", "UZ")[: chance.randint(0, 2)]:
            ArticleCountry.objects.create(article=article, country_id=code, at=at)
    index_stored(list(Article.objects.values_list("pk", flat=True)))


def story(number: int, at: datetime) -> Story:
    """Every fourth report begins a story."""
    found = Story.objects.order_by("-pk").first()
    if found is None or number % 4 == 0:
        found = Story.objects.create(title=f"{number}", first_at=at, last_at=at, side_added_at=at, article_count=4)
    return found


def answers() -> dict[str, Any]:
    """What each question gives: numbers of reports and stories, page by page, or the sentence of a refusal."""
    queries: list[tuple[dict[str, Any], str]] = [({"q": text}, repr(text[:40])) for text in ASKED]
    queries += [(dict(fields), repr(fields)) for fields in NARROWED]
    return {
        f"{kind} {name}": pages(ListQuery(kind=kind, beyond=True, limit=7, **fields))
        for fields, name in queries
        for kind in ("articles", "stories")
    }


def pages(query: ListQuery) -> Any:
    """All pages of a list, at most sixty, and whether each came within a second."""
    found: list[list[int]] = []
    first = Article.objects.order_by("pk").values_list("pk", flat=True)[0] if query.kind == "articles" else 0
    began = time.monotonic()
    try:
        for _ in range(60):
            rows = lists.articles(query) if query.kind == "articles" else lists.stories(query)
            page: lists.Page[Any] = lists.page(rows, query)
            found.append([row.pk - first for row in page.rows])
            if not page.next:
                break
            query = replace(query, cursor=page.next)
    except BadQuery as error:
        return str(error)
    return found if time.monotonic() - began < len(found) else "slow"


def change() -> None:
    """Edit, empty, move out of the index and delete, so that the index must follow."""
    first = Article.objects.order_by("pk").values_list("pk", flat=True)[0]
    Article.objects.filter(pk=first).update(title="Rahmon opens the summit")
    index_stored([first])
    ArticleText.objects.filter(pk=first + 1).update(tokens="", text="")
    ArticleText.objects.filter(pk=first + 2).update(place=None)
    Article.objects.get(pk=first + 3).delete()
    Article.objects.filter(source__slug="third").delete()
