"""Titles of planted tasks, unique per user."""

from collections.abc import Iterator
from itertools import count, product
from random import Random

_VERBS = {
    "en": "Send Order Book Draft Check Print Sort Renew Review Update Return Compare Plan Clean Cancel Prepare Sign",
    "de": "schreiben prüfen bestellen abholen ordnen bezahlen verlängern drucken absagen planen vergleichen reparieren",
    "zh": "写 检查 预订 整理 打印 支付 更新 取消 准备 修理",
    "ru": "Написать Проверить Заказать Оплатить Обновить Отменить Подготовить Отправить Сравнить",
    "ja": "書く 確認する 予約する 整理する 印刷する 支払う 更新する 準備する 修理する",
    "ar": "كتابة مراجعة حجز ترتيب طباعة دفع تجديد إلغاء تجهيز",
    "hi": "लिखना जाँचना मँगाना सजाना छापना भरना बदलना भेजना",
    "el": "Γράψε Έλεγξε Παράγγειλε Τύπωσε Πλήρωσε Ανανέωσε Ακύρωσε Ετοίμασε",
    "ko": "작성 확인 예약 정리 인쇄 결제 갱신 취소 준비",
}
_THINGS = {
    "en": """the invoice, the tiles, the check-up, the quarterly report, the tax form, the old photos, the garage key,
        the contract, the slides, the bike chain, the insurance papers, the train tickets, the reading list, the shelf,
        the budget table, the guest list, the heating bill, the garden shed, the phone plan, the course notes,
        the parcel, the kitchen lamp, the meeting minutes, the holiday request, the passport, the water bill,
        the book club list, the backup disk, the team survey, the recipe""",
    "de": """Rechnung, Steuererklärung, Angebot, Protokoll, Zahnarzttermin, Mietvertrag, Fahrkarten, Wocheneinkauf,
        Präsentation, Garagenschlüssel, Versicherung, Handyvertrag, Heizung, Fotos, Keller, Bewerbung, Gästeliste,
        Kursunterlagen, Paket, Regal, Stromrechnung, Urlaubsantrag, Lampe, Fahrrad, Rezept, Spende, Garten, Umfrage,
        Kalender, Pass""",
    "zh": "报告, 发票, 合同, 车票, 照片, 清单, 邮件, 预算, 课程笔记, 保险, 水费, 自行车, 礼物, 书架, 护照",
    "ru": """отчёт, счёт за воду, договор, билеты на поезд, фотографии, список книг, бюджет, страховку, подарок,
        паспорт, велосипед, конспект, заявление, рецепт, полку""",
    "ja": "報告書を, 請求書を, 契約書を, 切符を, 写真を, 名簿を, 予算を, ノートを, 保険を, 自転車を, 旅券を",
    "ar": "التقرير, الفاتورة, العقد, التذاكر, الصور, القائمة, الميزانية, التأمين, الدراجة, الهدية, الجواز",
    "hi": "रिपोर्ट, बिल, अनुबंध, टिकट, तस्वीरें, सूची, बजट, बीमा, साइकिल, उपहार, किताबें, पासपोर्ट",
    "el": """την αναφορά, τον λογαριασμό, το συμβόλαιο, τα εισιτήρια, τις φωτογραφίες, τη λίστα, την ασφάλεια, το δώρο,
        το διαβατήριο, το ποδήλατο, τις σημειώσεις""",
    "ko": "보고서, 청구서, 계약서, 기차표, 사진, 목록, 예산, 강의 노트, 보험, 자전거, 선물, 책장, 여권",
}
_FORMS = {
    **dict.fromkeys(("en", "ru", "ar", "el"), "{0} {1}"),
    **dict.fromkeys(("de", "hi", "ko"), "{1} {0}"),
    "zh": "{0}{1}",
    "ja": "{1}{0}",
}


def titles(random: Random, language: str) -> Iterator[str]:
    """An endless sequence of titles in random order; from the second round on with a number."""
    things = [" ".join(thing.split()) for thing in _THINGS[language].split(",")]
    every = [_FORMS[language].format(*pair) for pair in product(_VERBS[language].split(), things)]
    random.shuffle(every)
    yield from every
    for round_n in count(2):
        yield from (f"{title}, part {round_n}" for title in every)
