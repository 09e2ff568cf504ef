"""CalDAV: to-dos of a calendar."""

from testing.exported_rows.export import SMALLER_IS_HIGHER, Export

EXPORT = Export(
    [
        {
            "uid": "d785",
            "summary": "Überweisung Miete",
            "status": "NEEDS-ACTION",
            "due": "20260312",
            "priority": 1,
            "dtstamp": "20260301T080000Z",
            "created": "20260301T080000Z",
            "categories": ["home"],
        },
        {"uid": "d786", "summary": "Read the contract", "status": "IN-PROCESS", "priority": 9},
        {
            "uid": "d787",
            "summary": "Buy stamps",
            "status": "COMPLETED",
            "priority": 5,
            "completed": "20260310T100000Z",
            "percent-complete": 100,
        },
    ],
    "«Überweisung Miete» is due today",
    never=("Buy stamps",),
)

USER = EXPORT.user(
    {"deadline-pressure": "«Überweisung Miete» is due today"},
    "past its date",
    "low priority",
    fields=SMALLER_IS_HIGHER,
)
