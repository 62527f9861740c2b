"""Languages of sentences that were written for this test, and of what is no language."""

from __future__ import annotations

import importlib.resources

import pytest

from llmworks.data.cleaning.language import TABLE, Language, guess_language, table
from llmworks.data.cleaning.stage import Dropped, Kept
from llmworks.data.sources import Document

SENTENCES = {
    "en": "The old bridge was closed for the winter, so we walked along the river to the next village.",
    "de": "Die alte Brücke war im Winter gesperrt, und so gingen wir am Fluss entlang bis zum nächsten Dorf.",
    "fr": "Le vieux pont était fermé pour l'hiver, alors nous avons marché le long de la rivière.",
    "es": "El puente viejo estaba cerrado durante el invierno, así que caminamos por la orilla del río.",
    "it": "Il vecchio ponte era chiuso per l'inverno, così abbiamo camminato lungo il fiume fino al paese.",
    "pt": "A ponte velha estava fechada durante o inverno, então caminhamos ao longo do rio até a aldeia.",
    "nl": "De oude brug was in de winter gesloten, zodat wij langs de rivier naar het volgende dorp liepen.",
    "sv": "Den gamla bron var stängd under vintern, så vi gick längs floden till nästa by.",
    "fi": "Vanha silta oli suljettu talvella, joten kävelimme jokea pitkin seuraavaan kylään.",
    "pl": "Stary most był zamknięty na zimę, więc poszliśmy wzdłuż rzeki do następnej wioski.",
    "cs": "Starý most byl přes zimu zavřený, a tak jsme šli podél řeky do další vesnice.",
    "hu": "A régi híd télre le volt zárva, ezért a folyó mentén gyalogoltunk a következő faluig.",
    "tr": "Eski köprü kış için kapalıydı, bu yüzden nehir boyunca bir sonraki köye yürüdük.",
    "vi": "Cây cầu cũ đã đóng cửa vào mùa đông nên chúng tôi đi bộ dọc theo con sông đến làng bên cạnh.",
    "ru": "Старый мост был закрыт на зиму, поэтому мы пошли вдоль реки к следующей деревне.",
    "uk": "Старий міст був зачинений на зиму, тому ми пішли вздовж річки до наступного села.",
    "el": "Η παλιά γέφυρα ήταν κλειστή για τον χειμώνα και έτσι περπατήσαμε δίπλα στο ποτάμι.",
    "ar": "كان الجسر القديم مغلقا في الشتاء فمشينا على طول النهر إلى القرية المجاورة.",
    "fa": "پل قدیمی در زمستان بسته بود و ما از کنار رودخانه تا روستای بعدی پیاده رفتیم.",
    "hi": "पुराना पुल सर्दियों के लिए बंद था, इसलिए हम नदी के किनारे अगले गाँव तक पैदल गए।",
    "he": "הגשר הישן היה סגור לחורף ולכן הלכנו לאורך הנהר אל הכפר הבא.",
    "th": "สะพานเก่าปิดในฤดูหนาว เราจึงเดินเลียบแม่น้ำไปยังหมู่บ้านถัดไป",
    "ja": "古い橋は冬の間閉鎖されていたので、私たちは川沿いに次の村まで歩きました。",
    "zh": "旧桥冬天关闭，所以我们沿着河走到下一个村庄。",
    "ko": "오래된 다리는 겨울 동안 닫혀 있어서 우리는 강을 따라 다음 마을까지 걸었다.",
    "ga": "Bhí an seandroichead dúnta don gheimhreadh, agus mar sin shiúlamar cois na habhann.",
    "is": "Gamla brúin var lokuð yfir veturinn, svo við gengum meðfram ánni að næsta þorpi.",
    "eo": "La malnova ponto estis fermita dum la vintro, do ni marŝis laŭ la rivero ĝis la sekva vilaĝo.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_sentences(language: str) -> None:
    guess = guess_language(SENTENCES[language])
    assert guess.language == language
    assert guess.share > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "xkq zvbn wqpl kjhg ttrx bvcn mmzq plkj hgfd sszx qwrt ypls kkdj ffgh zzxc vvbn",
        "qZ8vKx0hWm3TgP1sYbR7uJ4dNcX9eLfA6oHkG2wQ5yVtBjMzUiDpSrCnEaF+OlI/xkT8vqWzJ3mB7hYsP0dRgNc",
        "1f 2e 04 9a 00 1a2b3c 4d5e6f 7702 8813 99ef 0093 71 5c 22 90 17 3b 66 48",
    ],
)
def test_what_is_no_language(text: str) -> None:
    assert guess_language(text).language == "und"


def test_the_stage_keeps_what_it_is_told_to_keep() -> None:
    english, german = (Document(SENTENCES[name] * 2, "d") for name in ("en", "de"))
    assert isinstance(Language().apply(english), Kept)
    verdict = Language().apply(german)
    assert isinstance(verdict, Dropped)
    assert verdict.reason == "language de"
    assert isinstance(Language(keep=("de", "fr")).apply(german), Kept)
    assert isinstance(Language().apply(Document("12:30, 4 × 5 = 20", "d")), Kept)  # nobody could tell


def test_the_table_is_small_and_whole() -> None:
    languages, values, typical = table()
    assert len(importlib.resources.files("llmworks.data.cleaning").joinpath(TABLE).read_bytes()) < 1_000_000
    assert len(languages) == len(set(languages)) > 60
    assert values.shape[1] == len(languages)
    assert ((values > 0).sum(0) > 500).all()
    assert values.min() >= 0
    assert typical.min() > 1
