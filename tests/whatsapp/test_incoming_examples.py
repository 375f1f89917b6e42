"""What each example becomes: a row by its kind, with words that a person reads."""

import pytest

from tests.whatsapp.examples import EXAMPLES, example, example_json
from tests.whatsapp.reading import RECEIVED, parsed
from whatsapp.incoming_changes import Edit, Reaction, Revoke, waiting_change
from whatsapp.payloads import ECHO, MESSAGE, STANDBY_ECHO, STANDBY_MESSAGE, items

FORM = {"flow_token": "ft_8841", "order": "AB-1042", "reason": "damaged"}
ADDRESS = "Flat 2, Sea Breeze Road, Mumbai, 400001"
TOO_BIG = (
    "The customer sent a file that is too big for WhatsApp to pass on (100 MB at most). "
    "Ask for a smaller one."
)
BROKEN = "A message of the kind interactive came without its content. WhatsApp says: "
ON_THE_PHONE = "cannot be shown. Look at it on the phone."

CONTENTS: dict[str, tuple[str, str, set[str]]] = {
    "01": ("text", "Hi, my parcel AB-1042 has not arrived yet", set()),
    "03": ("image", "This is how it arrived", set()),
    "04": ("video", "Noise when I switch it on", set()),
    "05": ("voice", "", set()),
    "06": ("audio", "", set()),
    "07": ("document", "Invoice", set()),
    "08": ("sticker", "", set()),
    "09": ("location", "Kiosk Nordlicht, Lindenallee 7, 10115 Berlin", {"location"}),
    "10": ("location", "52.51, 13.4", {"location"}),
    "11": ("contacts", "Dr. Tomas Ruiz", {"contacts"}),
    "12": ("contacts", "+4915550203344", {"contacts"}),
    "13": ("interactive", "Send return label", {"choice"}),
    "14": ("interactive", "Very good", {"choice"}),
    "15": ("interactive", "Return an item", {"choice"}),
    "16": ("interactive", "Form: order: AB-1042, reason: damaged", {"reply"}),
    "17": ("interactive", ADDRESS, {"reply"}),
    "18": ("interactive", "The customer allows calls.", {"reply"}),
    "19": (
        "other",
        f"{BROKEN}Unsupported webhook payload",
        {"type", "errors"},
    ),
    "20": ("other", "Reacted with 👍 to a message that is not here.", {"type", "emoji"}),
    "21": ("other", "Took back a reaction to a message that is not here.", {"type", "emoji"}),
    "22": ("order", "Please deliver before Friday", {"order"}),
    "23": ("other", "User Mira Okafor changed from 4915550203344 to 4915550209911", {"type"}),
    "24": ("other", "User Mira Okafor changed user ID", {"type"}),
    "25": ("other", "User identity changed", {"type"}),
    "26": ("other", f"This kind of message (poll_creation) {ON_THE_PHONE}", {"type", "content", "errors"}),
    "27": ("other", f"This kind of message {ON_THE_PHONE}", {"type", "errors"}),
    "28": ("other", TOO_BIG, {"type", "errors"}),
    "29": ("other", f"This kind of message (hologram) {ON_THE_PHONE}", {"type", "content"}),
    "31": ("text", "Is this lamp still available?", {"referral"}),
    "32": ("text", "Yes, that one please", set()),
    "33": ("text", "FYI", {"forwarded"}),
    "34": ("text", "Please share!", {"forwarded"}),
    "35": ("text", "Does it come in black?", {"product"}),
    "36": ("other", "The customer opened the chat.", {"type"}),
    "37": (
        "other",
        "Changed a message that is not here. It says now: Hi, my parcel AB-1043 has not arrived yet",
        {"type", "text"},
    ),
    "38": (
        "other",
        "Changed a message that is not here. It says now: Corrected caption",
        {"type", "text"},
    ),
    "39": ("other", "Deleted a message that is not here.", {"type"}),
    "40": ("text", "Hello from a username-only account", set()),
    "41": ("text", "hi", set()),
    "42": ("text", "old shape", set()),
    "51": ("text", "Can we move the delivery?", {"group"}),
    "54": ("text", "Sent from the phone app by a colleague", set()),
    "55": ("text", "Question while the AI agent owns the thread", set()),
    "56": ("text", "Answer of the AI agent", set()),
}
CHOICES = {"13": "RETURN_LABEL_1042", "14": "csat:5:conv_8841", "15": "topic:returns"}
SILENT = {"20", "21", "23", "24", "25", "37", "38", "39", "51", "54", "56"}
QUOTING = {"12", "13", "14", "15", "16", "17", "18", "32", "35"}


def test_each_example_that_holds_a_message_is_in_the_table() -> None:
    spoken = (MESSAGE, ECHO, STANDBY_MESSAGE, STANDBY_ECHO)
    with_one = {name[:2] for name, body in EXAMPLES.items() if items(body)[0].kind in spoken}
    assert with_one == {*CONTENTS, "02"}


@pytest.mark.parametrize("number", CONTENTS)
def test_an_example_says(number: str) -> None:
    found = parsed(example(number))
    kind, text, payload = CONTENTS[number]
    assert (found.content.kind, found.content.text) == (kind, text)
    assert set(found.content.payload) == payload
    assert found.content.choice == CHOICES.get(number)
    assert (found.content.media is not None) == (number in {"03", "04", "05", "06", "07", "08"})
    assert found.speaks == (number not in SILENT)
    assert (found.quoted_wamid is not None) == (number in QUOTING)
    assert found.phone_number_id == "318827465500917"
    assert found.wamid.startswith("wamid.")
    assert found.occurred_at < RECEIVED
    assert (found.identity is not None) == (number in {"23", "24", "25"})
    assert (found.echo, found.standby) == (number in {"54", "56"}, number in {"55", "56"})


@pytest.mark.parametrize(
    ("number", "mime_type", "filename"),
    [
        ("03", "image/jpeg", None),
        ("05", "audio/ogg; codecs=opus", None),
        ("07", "application/pdf", "invoice_1042.pdf"),
        ("08", "image/webp", None),
    ],
)
def test_a_file_is_known_by_its_id_and_its_announced_digest(
    number: str, mime_type: str, filename: str | None
) -> None:
    media = parsed(example(number)).content.media
    assert media is not None
    assert (media.mime_type, media.filename) == (mime_type, filename)
    assert media.media_id.startswith("11873409266500")
    assert media.sha256 is not None
    assert len(bytes.fromhex(media.sha256)) == 32


def test_payloads_have_the_shapes_that_the_thread_shows() -> None:
    assert parsed(example("09")).content.payload == {
        "location": {
            "latitude": 52.520815,
            "longitude": 13.409419,
            "name": "Kiosk Nordlicht",
            "address": "Lindenallee 7, 10115 Berlin",
            "url": "https://kiosk-nordlicht.example",
        }
    }
    assert parsed(example("11")).content.payload["contacts"] == [
        {
            "name": "Dr. Tomas Ruiz",
            "phones": [{"phone": "+49 1555 0207788", "wa_id": "4915550207788"}],
            "emails": ["t.ruiz@nordlicht.example"],
            "org": "Nordlicht GmbH",
        }
    ]
    assert parsed(example("16")).content.payload["reply"] == {"name": "flow", "body": "Sent", "values": FORM}
    assert parsed(example("22")).content.payload["order"]["items"] == [
        {"id": "SKU-LAMP-01", "quantity": 2, "price": 19.9, "currency": "EUR"}
    ]
    assert parsed(example("33")).content.payload == {"forwarded": "once"}
    assert parsed(example("34")).content.payload == {"forwarded": "often"}


def test_changes_name_their_target() -> None:
    targets = {
        number: example_json(number)["entry"][0]["changes"][0]["value"]["messages"][0]
        for number in ("20", "21", "37", "38", "39")
    }
    changes = {number: parsed(example(number)).change for number in targets}
    assert changes == {
        "20": Reaction(targets["20"]["reaction"]["message_id"], "👍"),
        "21": Reaction(targets["21"]["reaction"]["message_id"], ""),
        "37": Edit(targets["37"]["edit"]["original_message_id"], "Hi, my parcel AB-1043 has not arrived yet"),
        "38": Edit(targets["38"]["edit"]["original_message_id"], "Corrected caption"),
        "39": Revoke(targets["39"]["revoke"]["original_message_id"]),
    }


def test_the_row_of_a_change_holds_the_change() -> None:
    for number in ("20", "21", "37", "38", "39"):
        found = parsed(example(number))
        assert found.change is not None
        assert waiting_change(found.change.target, found.content.payload) == found.change
    assert waiting_change("wamid.A", {"type": "hologram"}) is None
