"""The encoding of a text is found from what its language is written with."""

import pytest

from guantong.kit.encodings import decode

CZECH = "Chybějící značení\nPoškozený žebřík\nŘídicí jednotka\nÚplná šachta\n"
POLISH = "Pęknięta ściana w łączniku\nŹle oznakowana droga\nŻuraw bez przeglądu\n"
HUNGARIAN = "Törött ablaküveg\nHűtővíz szivárog az őrszobában\nLejárt tűzoltó készülék\n"
TURKISH = "Çıkış işareti kırık\nYangın söndürücünün süresi dolmuş\n"
GERMAN = "Prüfplakette fehlt\nGröße der Öffnung\nÜbergabe unvollständig\n"
DANISH = "Ødelagt kabel i kælderen\nNødudgang spærret på første sal\n"
RUSSIAN = "Нет освещения\nПовреждён кабель\nОтсутствует журнал\n"
JAPANESE = "非常口の表示灯が故障\n配電盤の鍵がかかっていない\n訓練の記録がない\n"
ENGLISH = "The “red” door’s owner – it’s open\nCafé closed…\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CZECH, "cp1250"),
        (CZECH, "cp852"),
        (CZECH, "iso8859_2"),
        (CZECH, "mac_latin2"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (POLISH, "mac_latin2"),
        (HUNGARIAN, "cp1250"),
        (TURKISH, "cp1254"),
        (GERMAN, "cp1252"),
        (GERMAN, "cp850"),
        (GERMAN, "mac_roman"),
        (DANISH, "cp1252"),
        (DANISH, "cp850"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "cp1251"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "cp932"),
        (ENGLISH, "cp1252"),
        (ENGLISH, "mac_roman"),
    ],
)
def test_a_legacy_encoding_is_found_and_said(text, encoding):
    found = decode(text.encode(encoding))
    assert (found.encoding, found.text) == (encoding, text)
    assert len(found.notes) == 1


def test_what_two_encodings_show_alike_is_taken_for_the_commoner():
    text = "Törött ablaküveg, Größe\n"
    assert text.encode("cp1250") == text.encode("cp1252")
    assert decode(text.encode("cp1250")).encoding == "cp1252"
