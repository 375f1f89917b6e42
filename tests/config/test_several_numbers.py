"""Several numbers of one account, in one setting."""

import pytest

from config.settings import Settings, SettingsError

CLOUD = {
    "whatsapp_provider": "cloud",
    "whatsapp_access_token": "token",
    "whatsapp_app_secret": "secret",
    "whatsapp_verify_token": "word",
    "secret_key": "x" * 32,
}


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ("1001", ("1001",)),
        ("1001,1002", ("1001", "1002")),
        (" 1002 , 1001,, 1002 ", ("1002", "1001")),
    ],
)
def test_the_first_is_the_one_for_new_customers(given: str, numbers: tuple[str, ...]) -> None:
    settings = Settings.model_validate(CLOUD | {"whatsapp_phone_number_id": given}).complete()
    assert settings.whatsapp_phone_number_ids == numbers
    assert settings.whatsapp_phone_number_id == numbers[0]


@pytest.mark.parametrize("given", ["", ",", " , "])
def test_commas_alone_are_no_number(given: str) -> None:
    with pytest.raises(SettingsError, match="WHATSAPP_PHONE_NUMBER_ID"):
        Settings.model_validate(CLOUD | {"whatsapp_phone_number_id": given}).complete()
