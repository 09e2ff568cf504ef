"""Titles of planted tasks; within one user none is there twice."""

from collections.abc import Iterator
from itertools import count, product
from random import Random

_VERBS = {
    "en": "Send Order Book Draft Check Print Sort Renew Review Update Return Compare Plan Clean Cancel Prepare Sign",
    "de": "schreiben prüfen bestellen abholen ordnen bezahlen verlängern drucken absagen planen vergleichen reparieren",
    "zh": "写 检查 预订 整理 打印 支付 更新 取消 准备 修理",
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
}
_FORMS = {"en": "{0} {1}", "de": "{1} {0}", "zh": "{0}{1}"}


def titles(random: Random, language: str) -> Iterator[str]:
    """Titles without end in an order of chance; from the second round on with a number."""
    things = [" ".join(thing.split()) for thing in _THINGS[language].split(",")]
    every = [_FORMS[language].format(*pair) for pair in product(_VERBS[language].split(), things)]
    random.shuffle(every)
    yield from every
    for round_n in count(2):
        yield from (f"{title}, part {round_n}" for title in every)
