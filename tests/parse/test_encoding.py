"""Text of the region comes out right whatever its encoding is and whatever was declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.parse.encoding import to_text

RUSSIAN = "Президент Казахстана провёл переговоры о транзите зерна и воды, сообщила пресс-служба."
KAZAKH = "Қазақстан Президенті су және жол мәселелері бойынша келіссөздер жүргізді, деп хабарлады баспасөз қызметі."
UKRAINIAN = "Президент України провів зустріч щодо постачання зерна та її наслідків для ґрунту."
FRENCH = "Le président a évoqué la coopération énergétique à l'été, créée en février."
TURKISH = "Cumhurbaşkanı, Özbekistan ile iş birliğinin güçlendiğini ve ticaretin arttığını söyledi; ışık, ğ."
CHINESE = "中国和哈萨克斯坦签署铁路合作协议，双方表示将扩大贸易规模，推动跨里海运输走廊建设。"
TEXTS = [
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "iso8859-5"),
    (RUSSIAN, "cp866"),
    (RUSSIAN, "utf-8"),
    (RUSSIAN, "utf-16"),
    (RUSSIAN, "utf-16-le"),
    (RUSSIAN, "utf-16-be"),
    (RUSSIAN, "utf-8-sig"),
    (UKRAINIAN, "cp1251"),
    (UKRAINIAN, "koi8-u"),
    (KAZAKH, "kz1048"),
    (KAZAKH, "utf-8"),
    (FRENCH, "iso8859-1"),
    (TURKISH, "cp1254"),
    (CHINESE, "gb18030"),
    (CHINESE, "utf-8"),
]
LIES = [
    "",
    "utf-8",
    "windows-1251",
    "koi8-r",
    "iso-8859-1",
    "us-ascii",
    "windows-1252",
    "gb2312",
    "nonsense",
    "hex",
    "base64",
]


def document(words: str, encoding: str, *, declared: str = "") -> bytes:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    return f"{prolog}<rss><channel><title>{words}</title></channel></rss>".encode(encoding)


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize(("words", "encoding"), TEXTS, ids=lambda value: value[:12])
def test_an_encoding_is_told_from_the_text_when_the_declaration_is_missing_or_lies(
    words: str, encoding: str, lie: str
) -> None:
    assert words in to_text(document(words, encoding, declared=lie))
    assert words in to_text(document(words, encoding), content_type=f'text/xml; charset="{lie}"')


CAPITALS = [(RUSSIAN.upper(), "cp1251"), (RUSSIAN.upper(), "koi8-r")]


@pytest.mark.parametrize(("words", "encoding"), TEXTS + CAPITALS, ids=lambda value: value[:12])
def test_an_encoding_declared_right_is_used(words: str, encoding: str) -> None:
    short = words[:9]
    assert short in to_text(document(short, encoding, declared=encoding))


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("iso-2022-jp", "中央アジアの鉄道"),
        ("shift_jis", "中央アジアの鉄道について"),
        ("euc-kr", "중앙아시아 철도 협력"),
        ("big5", "中亞鐵路合作協議"),
        ("windows-1256", "رئيس كازاخستان يزور طاجيكستان"),
        ("iso8859-9", "Türkiye ile ticaret arttı, ışık"),
        ("utf-7", "Казахстан"),
    ],
)
def test_declared_encodings_of_the_neighbours_are_read(encoding: str, words: str) -> None:
    assert words in to_text(document(words, encoding, declared=encoding))


def test_the_document_is_believed_before_the_server() -> None:
    body = document(RUSSIAN, "koi8-r", declared="koi8-r")
    assert RUSSIAN in to_text(body, content_type="text/xml; charset=windows-1251")


def test_a_little_damage_leaves_the_rest_readable() -> None:
    body = document(RUSSIAN * 20, "utf-8").replace("воды".encode(), b"\xd0\xff", 1)
    assert RUSSIAN in to_text(body)
    assert to_text(document(RUSSIAN * 20, "utf-8")[:-50]).startswith("<?xml")


@pytest.mark.parametrize("words", [RUSSIAN, UKRAINIAN, KAZAKH])
@pytest.mark.parametrize("encoding", ["cp1251", "cp1252"])
def test_text_that_was_encoded_twice_is_put_right(words: str, encoding: str) -> None:
    def misread(byte: int) -> str:
        return bytes([byte]).decode(encoding, "ignore") or chr(byte)

    twice = "".join(map(misread, f"«{words}» — {words}".encode()))
    assert words in to_text(document(twice, "utf-8"))


def test_letters_written_as_two_surrogates_become_one() -> None:
    assert to_text("😀 ж".encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass").encode()) == "😀 ж"
    assert to_text(b"\xed\xa0\xbd\xed\xb8\x80 \xd0\xb6") == "😀 ж"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_become_some_text(body: bytes, content_type: str) -> None:
    assert isinstance(to_text(body, content_type=f"text/xml; charset={content_type}"), str)
    assert isinstance(to_text(b"<?xml version='1.0' encoding='" + body + b"'?>" + body), str)
